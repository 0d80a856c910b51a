import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The parts of the contract of the API that this server reads. */
export interface Contract {
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  /** Operations by path and method. */
  paths: Record<string, Record<string, { summary?: string }>>;
  components: { securitySchemes: { token: { name: string } } };
}

const GENERATED = join('openapi', 'generated');

/** Reads the contract of a version of the API from its file; of version 3 by default. @param version as in paths */
export function readContract(version?: string): Contract {
  const name = version === undefined ? 'openapi.json' : `legacy-${version}.json`;
  return JSON.parse(readFileSync(findFile(join(GENERATED, name)), 'utf8')) as Contract;
}

/** Finds a file at the root of the project or package, above the compiled or source code. */
function findFile(path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, path);
    if (existsSync(file)) return file;
    if (folder === dirname(folder))
      throw new Error(`${path} was not found in ${__dirname} or a folder above it.`);
  }
}
