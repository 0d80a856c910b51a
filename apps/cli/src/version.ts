import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of this program, from the nearest package.json above it, and the version that it is compatible with. */
export function versionText(folder = __dirname): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return versionText(dirname(folder));
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return `flexmeasures ${version}, compatible with FlexMeasures 0.12.1`;
}
