import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build made of apps/web. */
export interface BuiltWeb {
  /** Folder of the templates. */
  templates: string;
  /** Folder of the files that browsers load. */
  files: string;
  /** Names of these files, which contain a hash, by their names without it. */
  names: Readonly<Record<string, string>>;
  /** Hashed names of the parts that a script imports, by its name. */
  parts: Readonly<Record<string, readonly string[]>>;
}

/** `dist/web`, seen from here. */
const FOLDER = join(__dirname, '..', '..', '..', '..', '..', 'web');

let built: BuiltWeb | undefined;

/** What the build made of apps/web; its manifest is read at the first call. */
export function readBuiltWeb(): BuiltWeb {
  return (built ??= {
    templates: join(FOLDER, 'templates'),
    files: join(FOLDER, 'files'),
    names: readJson('manifest.json') as BuiltWeb['names'],
    parts: readJson('parts.json') as BuiltWeb['parts'],
  });
}

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));

/** Path under which the files are served. */
export const WEB_FILES_PATH = '/static/web';

/** The path of a file. @throws Error if the build has no file of this name */
export function webFilePath(name: string): string {
  const hashed = readBuiltWeb().names[name];
  if (hashed === undefined) throw new Error(`The build has no file ${name}.`);
  return `${WEB_FILES_PATH}/${hashed}`;
}

/** The paths of the parts that a script imports. */
export const webPartPaths = (name: string): string[] =>
  (readBuiltWeb().parts[name] ?? []).map((part) => `${WEB_FILES_PATH}/${part}`);
