import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';

const CODE_EXTENSIONS = ['.js', '.cjs', '.mjs'];

/** A plugin: code that the host has named. It is entered through one file. */
export interface FoundPlugin {
  /** Name in class references: the name of its folder, of its file without the extension, or of its package. */
  name: string;
  /** Path of its folder or file, which references can use instead of the name; undefined for packages. */
  path?: string;
  /** Path of the file that exports its classes. */
  entry: string;
}

/** The plugins of a process, with sentences about what was not found. */
export interface FoundPlugins {
  plugins: FoundPlugin[];
  /** About settings that name no plugin. */
  missing: string[];
  /** About plugins that are not used. */
  problems: string[];
}

/**
 * Finds the entries of plugins without loading them.
 *
 * @param named folders, files, and names of installed packages, from FLEXMEASURES_PLUGINS
 * @param workingFolder base of relative paths; each folder in its folder `plugins` is a plugin too
 */
export function findPlugins(named: readonly string[], workingFolder: string): FoundPlugins {
  const require = createRequire(join(workingFolder, 'plugins.js'));
  const found: FoundPlugins = { plugins: [], missing: [], problems: [] };
  const add = (plugin: FoundPlugin): void => {
    const other = found.plugins.find(({ name }) => name === plugin.name);
    if (!other) found.plugins.push(plugin);
    else if (other.entry !== plugin.entry)
      found.problems.push(`Two plugins have the name ${other.name}; ${plugin.entry} is not used.`);
  };
  for (const entry of named) {
    const plugin = findPlugin(entry, workingFolder, require);
    if (typeof plugin === 'string') found.missing.push(plugin);
    else add(plugin);
  }
  for (const folder of foldersIn(join(workingFolder, 'plugins'))) {
    const plugin = findPlugin(folder, workingFolder, require);
    if (typeof plugin === 'string') found.problems.push(plugin);
    else add(plugin);
  }
  return found;
}

/** @returns a sentence if there is no such plugin */
function findPlugin(named: string, workingFolder: string, require: NodeJS.Require): FoundPlugin | string {
  const path = resolve(workingFolder, named);
  const stat = statOf(path);
  if (stat?.isDirectory()) {
    const entry = findEntry(path, require);
    if (entry === undefined)
      return `Plugin folder ${named} has no entry: neither index.js nor a main file in its package.json.`;
    return { name: basename(path), path, entry };
  }
  if (stat?.isFile() && CODE_EXTENSIONS.includes(extname(path)))
    return { name: basename(path, extname(path)), path, entry: realpathSync(path) };
  const entry = isPathLike(named) ? undefined : (tryResolve(named, require) ?? findBundled(named));
  if (entry !== undefined) return { name: named, entry };
  return `FLEXMEASURES_PLUGINS names ${named}, which is not a folder, a JavaScript file, or an installed package.`;
}

function findEntry(folder: string, require: NodeJS.Require): string | undefined {
  const index = CODE_EXTENSIONS.map((extension) => join(folder, `index${extension}`)).find((file) =>
    statOf(file)?.isFile(),
  );
  const entry = tryResolve(folder, require) ?? index;
  return entry !== undefined && CODE_EXTENSIONS.includes(extname(entry)) ? realpathSync(entry) : undefined;
}

/** The entry of a plugin that comes with the server. */
function findBundled(name: string): string | undefined {
  const entry = join(__dirname, '..', 'bundled-plugins', name, 'index.js');
  return /^[\w-]+$/.test(name) && statOf(entry)?.isFile() === true ? entry : undefined;
}

const isPathLike = (named: string): boolean =>
  isAbsolute(named) || named.startsWith('.') || named.includes('\\');

function tryResolve(name: string, require: NodeJS.Require): string | undefined {
  try {
    const file = require.resolve(name);
    // The modules of Node.js are no plugins.
    return isAbsolute(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): string[] {
  if (!statOf(folder)?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => statOf(path)?.isDirectory())
    .sort();
}

/** Undefined if the path does not exist or is not valid. */
function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** The version in the package.json of a plugin; undefined without one. */
export function versionOf({ name, path, entry }: FoundPlugin): string | undefined {
  if (path !== undefined && !statOf(path)?.isDirectory()) return undefined;
  const root = path === undefined ? undefined : realpathSync(path);
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const { name: named, version } = readPackage(folder);
    if (version !== undefined && (path !== undefined || named === name)) return version;
    if (folder === root) return undefined;
  }
  return undefined;
}

function readPackage(folder: string): { name?: string; version?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name?: string;
      version?: string;
    };
  } catch {
    return {};
  }
}
