import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

type PackedModule = [
  /** Path in the folder of the compiled code. */
  file: string,
  /** Requests for modules of this project, and their indexes in the pack; -1 for those that it does not have. */
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
 * Makes the module loader take modules from the pack of an application, which has the compiled code of this project in one
 * file: finding, reading and compiling 600 files takes a seventh of the start. Each module keeps its file name and its place
 * in the module cache, so that code outside of the pack gets the same instances. Does nothing if there is no pack.
 */
export function usePackedModules(app: string): void {
  const file = join(DIST, `${app}.pack.js`);
  if (script !== undefined || !existsSync(file)) return;
  const cache = `${file}.${cachedDataVersionTag()}.cache`;
  script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
  });
  new PackLoader(script.runInThisContext() as PackedModule[]).register();
}

/** The compiled code of the functions of the pack that ran until now; undefined without a pack. */
export const createCodeCache = (): Buffer | undefined => script?.createCachedData();

class PackLoader {
  private readonly ids: Map<string, number>;

  constructor(private readonly modules: PackedModule[]) {
    this.ids = new Map(modules.map(([file], id) => [join(DIST, file), id]));
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
    const file = join(DIST, this.modules[id]![0]);
    const cached = loader._cache[file];
    if (cached) return cached.exports;
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
      return index < 0 ? module.require(request) : this.load(index, module);
    };
    return usesMembers ? Object.assign(require, createRequire(module.filename)) : require;
  }
}
