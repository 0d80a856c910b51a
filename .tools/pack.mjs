import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** Modules that each application loads at its start, and the options that it is started with. */
const APPS = {
  api: {
    roots: ['apps/api/src/create-server.js'],
    options: ['--max-semi-space-size=8', '--heap-growing-percent=40'],
  },
  scheduler: {
    roots: ['apps/scheduler/src/scheduler.module.js'],
    options: ['--max-semi-space-size=8', '--heap-growing-percent=40'],
  },
  cli: { roots: ['apps/cli/src/app/services.js', 'apps/cli/src/app/cli-jobs.module.js'], options: [] },
};

/**
 * Writes a pack per application to a folder: one file with all modules that it loads at its start, those of packages
 * included (see libs/packed-modules). Modules that are loaded later stay files of their own.
 *
 * @param root the project
 * @param folder the compiled code, which is going to be `dist`
 */
export async function writePacks(root, folder) {
  const reader = new ModuleReader(root, folder, await import('@swc/core'));
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  for (const [app, { roots }] of Object.entries(APPS)) {
    const files = reachable(
      roots.map((file) => join(folder, file)),
      reader,
    );
    const ids = new Map(files.map((file, id) => [file, id]));
    const modules = files.map((file) => {
      const { code, isEsm, requests } = reader.read(file);
      const packed = [...requests].filter(([, to]) => ids.has(to));
      const header = [
        reader.pathOf(file),
        packed.map(([request]) => request),
        packed.map(([, to]) => ids.get(to)),
        isEsm,
        /\brequire\b(?!\s*\()/.test(code),
      ];
      return `[${JSON.stringify(header).slice(1, -1)},function(exports,require,module,__filename,__dirname){${code}\n}]`;
    });
    const text = `({lock:${JSON.stringify(lock)},modules:[\n${modules.join(',\n')}\n]})`;
    writeFileSync(join(folder, `${app}.pack.js`), asAscii(text));
  }
}

/** Writes the compiled code of each pack, for the version of Node.js that builds and the options of the application. */
export function writeCodeCaches(root) {
  for (const [app, { roots, options }] of Object.entries(APPS)) {
    const script = `
      const { usePackedModules, createCodeCache } = require('./dist/libs/packed-modules/index.js');
      usePackedModules(${JSON.stringify(app)});
      for (const root of ${JSON.stringify(roots)}) require('./dist/' + root);
      const tag = require('node:v8').cachedDataVersionTag();
      require('node:fs').writeFileSync('./dist/${app}.pack.js.' + tag + '.cache', createCodeCache());
      process.exit(0);`;
    const { status } = spawnSync(process.execPath, [...options, '-e', script], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`The code cache of ${app} was not written.`);
  }
}

/** All modules that the roots load at their start, and the ES modules that these load at any time. */
function reachable(roots, reader) {
  const found = new Set(roots);
  for (const file of found) {
    const { requests, isEsm, lazy } = reader.read(file);
    for (const [request, to] of requests) {
      if (!found.has(to) && (!lazy.has(request) || isEsm)) found.add(to);
    }
  }
  return [...found].filter((file) => reader.read(file).isPackable);
}

/** Reads modules as CommonJS code, with the files that they load. */
class ModuleReader {
  constructor(root, folder, swc) {
    this.root = root;
    this.folder = folder;
    this.swc = swc;
    this.read_ = new Map();
  }

  /** Path relative to the project, of the place that the module will have. */
  pathOf(file) {
    const path = file.startsWith(this.folder + sep)
      ? join('dist', relative(this.folder, file))
      : relative(this.root, file);
    return path.split(sep).join('/');
  }

  read(file) {
    let module = this.read_.get(file);
    if (!module) this.read_.set(file, (module = this.parse(file)));
    return module;
  }

  parse(file) {
    const isOwn = file.startsWith(this.folder + sep);
    const isEsm = isEsmFile(file);
    const source = readFileSync(file, 'utf8');
    const code = isOwn ? withoutMap(source) : this.asCommonJs(source, isEsm);
    const requests = new Map();
    for (const [, request] of code.matchAll(/\brequire\("([^"]+)"\)|\brequire\('([^']+)'\)/g)) {
      const to = isBuiltin(request ?? '') ? undefined : this.resolve(file, request);
      if (to !== undefined && /\.[cm]?js$/.test(to)) requests.set(request, to);
    }
    // A CommonJS module of a package that uses `import()` stays a file: this needs the loader of Node.js.
    const isPackable = isOwn || isEsm || !/\bimport\s*\(/.test(code);
    return { code, isEsm, isPackable, requests, lazy: lazyRequests(code) };
  }

  /** Minified without renaming, because names of classes have a meaning. */
  asCommonJs(source, isEsm) {
    return this.swc.transformSync(source, {
      swcrc: false,
      configFile: false,
      isModule: isEsm ? true : 'unknown',
      minify: true,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'ecmascript' },
        minify: { compress: false, mangle: false, format: { comments: false, asciiOnly: true } },
      },
      ...(isEsm && { module: { type: 'commonjs' } }),
    }).code;
  }

  resolve(file, request) {
    if (request === undefined) return undefined;
    // The compiled code is not at its place yet.
    if (request.startsWith('#lib/') && file.startsWith(this.folder + sep))
      return join(this.folder, 'libs', request.slice('#lib/'.length), 'index.js');
    try {
      return createRequire(file).resolve(request);
    } catch {
      return undefined;
    }
  }
}

const withoutMap = (source) => source.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');

/** Requests of `import()`, as swc compiles it. */
const lazyRequests = (code) =>
  new Set(
    [
      ...code.matchAll(
        /\.then\(\(\)\s*=>\s*(?:\/\*#__PURE__\*\/\s*)?_interop_require_wildcard\(require\(["']([^"']+)["']\)\)/g,
      ),
    ].map(([, request]) => request),
  );

const types = new Map();

function isEsmFile(file) {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js') || !file.includes('node_modules')) return false;
  return typeOf(dirname(file)) === 'module';
}

/** The field `type` of the nearest package.json. */
function typeOf(folder) {
  let type = types.get(folder);
  if (type === undefined) {
    const manifest = join(folder, 'package.json');
    type = existsSync(manifest)
      ? (JSON.parse(readFileSync(manifest, 'utf8')).type ?? 'commonjs')
      : typeOf(dirname(folder));
    types.set(folder, type);
  }
  return type;
}

/** Escapes characters outside of ASCII, so that V8 stores one byte per character. */
const asAscii = (text) =>
  text.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
