import { existsSync, readFileSync, realpathSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

/** What `.tools/pack.mjs` writes. */
interface Pack {
  /** Number of the modules of this project; the CommonJS modules of packages follow. */
  own: number;
  /** Number of the modules that are no ES modules; ES modules of packages follow. */
  commonJs: number;
  /** The versions of the packages in the pack, by their paths in the folder of installed packages. */
  versions: Record<string, string>;
  modules: PackedModule[];
}

type PackedModule = [
  /** Path in the folder of the compiled code, or in that of installed packages. */
  file: string,
  /** Requests for other modules, and their indexes in the pack; -1 for those that it does not have. */
  requests: string[],
  indexes: number[],
  /** Whether it uses more of `require` than calls, such as `require.resolve`. */
  usesMembers: boolean,
  run: (
    this: unknown,
    exports: unknown,
    require: Require,
    module: NodeJS.Module,
    file: string,
    folder: string,
  ) => void,
];

type Require = (request: string) => unknown;

/** The parts of the module loader of Node.js that have no public type. */
interface ModuleLoader {
  new (file: string, parent?: NodeJS.Module): NodeJS.Module;
  _cache: Partial<Record<string, NodeJS.Module>>;
  _extensions: Record<'.js', (module: NodeJS.Module, file: string) => void>;
  _nodeModulePaths(folder: string): string[];
}

const loader = Module as unknown as ModuleLoader;
const DIST = join(__dirname, '..', '..');

let script: Script | undefined;

/**
 * Makes the module loader take modules from the pack of an application, which has the compiled code of this project and of
 * packages in one file: finding, reading and compiling some 1,400 files takes a third of the start. Each module keeps its file
 * name and its place in the module cache, so that code outside of the pack gets the same instances. Packages come from their
 * own files if others are installed than those in the pack. Does nothing if there is no pack.
 *
 * @param withEsModules whether ES modules of Nest come from the pack, too, as CommonJS. Only if no ES module outside of the pack
 *   imports them, because the import would get instances of its own.
 */
export function usePackedModules(app: string, withEsModules: boolean): void {
  const file = join(DIST, `${app}.pack.js`);
  if (script !== undefined || !existsSync(file)) return;
  const cache = `${file}.${cachedDataVersionTag()}.cache`;
  script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
  });
  new PackLoader(script.runInThisContext() as Pack, withEsModules).register();
}

/** The compiled code of the functions of the pack that ran until now; undefined without a pack. */
export const createCodeCache = (): Buffer | undefined => script?.createCachedData();

/** The folder in which exactly these versions of packages are installed; undefined if there is none. */
function findPackages(versions: Pack['versions']): string | undefined {
  const beside = join(DIST, '..', '..');
  const folders = [
    join(DIST, '..', 'node_modules'),
    ...(basename(beside) === 'node_modules' ? [beside] : []),
  ];
  return folders.find((folder) =>
    Object.entries(versions).every(([path, version]) => isInstalled(join(folder, path), version)),
  );
}

/** Whether a folder has this version of a package. A link does not count, because its modules have other file names. */
function isInstalled(folder: string, version: string): boolean {
  try {
    const description = readFileSync(join(folder, 'package.json'), 'utf8');
    return (
      realpathSync.native(folder) === folder &&
      (JSON.parse(description) as { version?: string }).version === version
    );
  } catch {
    return false;
  }
}

class PackLoader {
  private readonly files: string[];
  private readonly ids: Map<string, number>;
  private readonly modules: PackedModule[];

  constructor({ own, commonJs, versions, modules }: Pack, withEsModules: boolean) {
    const packages = findPackages(versions);
    const files = modules.map(([file], id) => join(id < own ? DIST : (packages ?? DIST), file));
    // Where some were loaded from their files before, all are: otherwise, both would have classes of their own.
    const usesEsModules = withEsModules && files.slice(commonJs).every((file) => !(file in loader._cache));
    if (packages === undefined) this.modules = modules.slice(0, own);
    else this.modules = usesEsModules ? modules : modules.slice(0, commonJs);
    this.files = files.slice(0, this.modules.length);
    this.ids = new Map(this.files.map((file, id) => [file, id]));
  }

  /** Handles files of the pack that the loader of Node.js has found, for code outside of the pack. */
  register(): void {
    const loadFile = loader._extensions['.js'];
    loader._extensions['.js'] = (module, file) => {
      const id = this.ids.get(file);
      if (id === undefined) loadFile(module, file);
      else this.run(id, module);
    };
  }

  /** The exports of a packed module, which runs on its first use. */
  private load(id: number, parent: NodeJS.Module): unknown {
    const file = this.files[id]!;
    const cached = loader._cache[file];
    // The loader of ES modules puts CommonJS modules into the cache before they run; Node.js then runs them.
    if (cached) return cached.loaded ? cached.exports : parent.require(file);
    const module = new loader(file, parent);
    module.filename = file;
    module.paths = loader._nodeModulePaths(dirname(file));
    loader._cache[file] = module;
    try {
      this.run(id, module);
    } catch (error) {
      Reflect.deleteProperty(loader._cache, file);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }

  private run(id: number, module: NodeJS.Module): void {
    const { filename } = module;
    const run = this.modules[id]![4];
    run.call(module.exports, module.exports, this.requireOf(id, module), module, filename, dirname(filename));
  }

  /** The function `require` of a packed module. What the pack does not have comes from the loader of Node.js. */
  private requireOf(id: number, module: NodeJS.Module): Require {
    const [, requests, indexes, usesMembers] = this.modules[id]!;
    const require: Require = (request) => {
      const index = indexes[requests.indexOf(request)] ?? -1;
      return index in this.modules ? this.load(index, module) : module.require(request);
    };
    return usesMembers ? Object.assign(require, createRequire(module.filename)) : require;
  }
}
