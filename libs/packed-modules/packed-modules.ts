import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

/** A pack, as `.tools/pack.mjs` writes it. */
interface Pack {
  /** Hash of the package-lock.json of the installed packages. */
  lock: string;
  modules: PackedModule[];
}

type PackedModule = [
  /** Path relative to the project. */
  file: string,
  /** Texts with which it requires packed modules, and the indexes of these modules. */
  requests: string[],
  dependencies: number[],
  /** Whether its source is an ES module. */
  isEsm: boolean,
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
const PROJECT = dirname(DIST);

/** The path of a packed file. `join` would normalise each of the many paths. */
const pathOf = (file: string): string => (sep === '/' ? `${PROJECT}/${file}` : join(PROJECT, file));

let script: Script | undefined;

/**
 * Makes the module loader take modules from the pack of an application. A pack has the code of the application and of its
 * packages in one file: finding and reading 1900 files took most of the start. Each module keeps its file name and its place
 * in the module cache, so that modules outside of the pack get the same instances. Does nothing if the application has no
 * pack, or if other packages were installed after it was built.
 */
export function usePackedModules(app: string): void {
  const file = join(DIST, `${app}.pack.js`);
  if (script !== undefined || !existsSync(file)) return;
  const cache = `${file}.${cachedDataVersionTag()}.cache`;
  script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
  });
  const { lock, modules } = script.runInThisContext() as Pack;
  if (lock === hashOf(join(PROJECT, 'package-lock.json'))) new PackLoader(modules).register();
}

/** The compiled code of the functions of the pack that ran until now; undefined without a pack. */
export const createCodeCache = (): Buffer | undefined => script?.createCachedData();

const hashOf = (file: string): string | undefined =>
  existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : undefined;

class PackLoader {
  private readonly ids: Map<string, number>;

  constructor(private readonly modules: PackedModule[]) {
    this.ids = new Map(modules.map(([file], id) => [pathOf(file), id]));
  }

  /** Handles files of the pack that the loader of Node.js has found, for example for code outside of the pack. */
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
    const file = pathOf(this.modules[id]![0]);
    const cached = loader._cache[file];
    if (cached) return cached.exports;
    const module = new loader(file, parent);
    module.filename = file;
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
    const [, , , , , run] = this.modules[id]!;
    const { filename } = module;
    run.call(module.exports, module.exports, this.requireOf(id, module), module, filename, dirname(filename));
  }

  /** The function `require` of a packed module. Requests that the pack does not have go to the loader of Node.js. */
  private requireOf(id: number, module: NodeJS.Module): Require {
    const [, requests, dependencies, isEsm, usesMembers] = this.modules[id]!;
    const require: Require = (request) => {
      const dependency = dependencies[requests.indexOf(request)];
      if (dependency === undefined) return requireFile(module, request);
      const exports = this.load(dependency, module);
      return isEsm && !this.modules[dependency]![3] ? asImported(exports) : exports;
    };
    return usesMembers ? Object.assign(require, createRequire(module.filename)) : require;
  }
}

/** Loads a module that the pack does not have. Finding the folders of its package is slow, so it is done only now. */
function requireFile(module: NodeJS.Module, request: string): unknown {
  if (!Array.isArray(module.paths)) module.paths = loader._nodeModulePaths(dirname(module.filename));
  return module.require(request);
}

const namespaces = new WeakMap<object, object>();

/**
 * What an ES module gets when it imports a CommonJS module: all exports are the default, also if the CommonJS module was
 * compiled from an ES module and has its own `default`.
 */
function asImported(exports: unknown): unknown {
  const isCompiled =
    typeof exports === 'object' && exports !== null && '__esModule' in exports && exports.__esModule === true;
  if (!isCompiled) return exports;
  let namespace = namespaces.get(exports);
  if (!namespace) {
    namespace = Object.create(exports, {
      default: { value: exports, enumerable: true },
    }) as object;
    namespaces.set(exports, namespace);
  }
  return namespace;
}
