import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** File extensions that a reference can omit. */
const endings = ['', '.js', '.cjs', '.mjs'];

/** The configured plugin folders and packages. */
export interface PluginPlaces {
  /** Real paths of folders. */
  folders: string[];
  /** Names of installed packages. */
  packages: string[];
  /** Paths that are not folders. */
  missing: string[];
}

/**
 * Sorts a list of plugins into folders and names of packages.
 *
 * @param workingFolder base of relative paths; its folder `plugins` is always included
 */
export function findPluginPlaces(plugins: readonly string[], workingFolder: string): PluginPlaces {
  const places: PluginPlaces = { folders: [], packages: [], missing: [] };
  for (const plugin of plugins) {
    const folder = realFolder(resolve(workingFolder, plugin));
    const looksLikePath = isAbsolute(plugin) || plugin.startsWith('.') || plugin.includes('\\');
    if (folder !== undefined) places.folders.push(folder);
    else if (looksLikePath) places.missing.push(plugin);
    else places.packages.push(plugin);
  }
  const usual = realFolder(join(workingFolder, 'plugins'));
  if (usual !== undefined && !places.folders.includes(usual)) places.folders.push(usual);
  return places;
}

/**
 * Finds the file of a path, if it is in one of the folders after resolving links. A relative path is relative to a folder,
 * or to its parent if the path starts with the name of the folder.
 */
export function findModule(module: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    for (const path of candidatePaths(module, folder)) {
      for (const ending of endings) {
        const file = realFile(path + ending);
        if (file !== undefined && isIn(folder, file)) return file;
      }
      for (const index of ['index.js', 'index.cjs', 'index.mjs']) {
        const file = realFile(join(path, index));
        if (file !== undefined && isIn(folder, file)) return file;
      }
    }
  }
  return undefined;
}

/** Whether a module is one of the packages or a file in one of them. */
export const isInPackages = (module: string, packages: readonly string[]): boolean =>
  packages.some((name) => module === name || module.startsWith(`${name}/`)) &&
  !module.split('/').includes('..');

function candidatePaths(module: string, folder: string): string[] {
  if (isAbsolute(module)) return [module];
  const beside = module.split(/[\\/]/)[0] === basename(folder) ? [resolve(dirname(folder), module)] : [];
  return [resolve(folder, module), ...beside];
}

function isIn(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function realFile(path: string): string | undefined {
  const isCode = ['.js', '.cjs', '.mjs'].includes(extname(path));
  return isCode && tryStat(path)?.isFile() ? realpathSync(path) : undefined;
}

const realFolder = (path: string): string | undefined =>
  tryStat(path)?.isDirectory() ? realpathSync(path) : undefined;

/** Undefined if the path does not exist or is not valid. */
function tryStat(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
