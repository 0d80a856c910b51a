import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that tests need and that a machine may lack. */
export interface Need {
  /** What it is, as the message tells, with the package of Debian that has it. */
  name: string;
  isThere: boolean;
}

/**
 * `describe` for tests that need programs. If one is missing, the tests are skipped with a warning that names it; or they
 * fail if services are required (REQUIRE_SERVICES=1).
 */
export function describeWith(...needs: readonly Need[]): jest.Describe {
  const missing = needs.filter(({ isThere }) => !isThere).map(({ name }) => name);
  if (missing.length === 0) return describe;
  const reason = `These tests need ${missing.join(' and ')}, which this machine lacks.`;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(reason);
  process.stderr.write(`\n*** SKIPPED: ${reason} ***\n\n`);
  return describe.skip;
}

/** A need of commands on the PATH. */
export function commands(name: string, ...files: readonly string[]): Need {
  return { name, isThere: files.every((file) => findOnPath(file) !== undefined) };
}

/** The first file with this name in the folders of PATH. */
export function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}
