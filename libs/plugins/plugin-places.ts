import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Endings by which a module may be named without. */
const endings = ['', '.js', '.cjs', '.mjs'];

/** Where modules of plugins may come from: folders and packages that the host has named. */
export interface PluginPlaces {
  /** Real paths of folders. */
  folders: string[];
  /** Names of installed packages. */
  packages: string[];
  /** What looked like a path but leads nowhere. */
  missing: string[];
}

/**
 * Reads a list of plugins: paths of folders, and names of packages.
 *
 * @param workingFolder what relative paths count from; a folder `plugins` in it is among the places in any case
 */
export function pluginPlaces(plugins: readonly string[], workingFolder: string): PluginPlaces {
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
 * The file that a path leads to, if that lies in one of the folders, links followed. A relative path counts from a
 * folder, or from beside it where it begins with the folder's name.
 */
export function findModule(module: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    for (const path of pathsIn(module, folder)) {
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

/** Whether a name is that of a package, or of something within it. */
export const isOfPackage = (module: string, packages: readonly string[]): boolean =>
  packages.some((name) => module === name || module.startsWith(`${name}/`)) &&
  !module.split('/').includes('..');

function pathsIn(module: string, folder: string): string[] {
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
  return isCode && statOf(path)?.isFile() ? realpathSync(path) : undefined;
}

const realFolder = (path: string): string | undefined =>
  statOf(path)?.isDirectory() ? realpathSync(path) : undefined;

/** Undefined also for what cannot be a path, and for paths through files. */
function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
