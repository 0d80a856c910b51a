import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';

/** Modules that each application loads at its start, and the options that it is started with. */
const APPS = {
  api: {
    roots: ['apps/api/src/create-server.js'],
    options: ['--max-semi-space-size=8', '--heap-growing-percent=40'],
  },
  scheduler: { roots: ['apps/scheduler/src/scheduler.module.js'], options: [] },
  cli: { roots: ['apps/cli/src/app/services.js', 'apps/cli/src/app/cli-jobs.module.js'], options: [] },
};

const REQUEST = /\brequire\(["']([^"']+)["']\)/g;

/** `import()`, as swc compiles it: what it loads is not needed at the start. */
const LAZY_REQUEST =
  /\.then\(\(\)\s*=>\s*(?:\/\*#__PURE__\*\/\s*)?_interop_require_wildcard\(require\(["']([^"']+)["']\)\)/g;

/**
 * Writes a pack per application to a folder: one file with all compiled modules of this project that it loads at its start
 * (see libs/packed-modules). Packages, and modules that are loaded later, stay files of their own.
 *
 * @param folder the compiled code, which is going to be `dist`
 */
export function writePacks(folder) {
  for (const [app, { roots }] of Object.entries(APPS)) {
    const modules = reachable(
      roots.map((file) => join(folder, file)),
      folder,
    );
    const ids = new Map(Array.from(modules.keys(), (file, id) => [file, id]));
    const packed = Array.from(modules, ([file, { code, requests }]) => {
      const header = [
        relative(folder, file).split(sep).join('/'),
        requests.map(([request]) => request),
        requests.map(([, to]) => ids.get(to) ?? -1),
        /\brequire\b(?!\s*\()/.test(code),
      ];
      return `[${JSON.stringify(header).slice(1, -1)},function(exports,require,module,__filename,__dirname){${code}\n}]`;
    });
    writeFileSync(join(folder, `${app}.pack.js`), asAscii(`([\n${packed.join(',\n')}\n])`));
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

/** The compiled modules that the roots load at their start, with their requests for other compiled modules. */
function reachable(roots, folder) {
  const modules = new Map(roots.map((file) => [file, undefined]));
  for (const file of modules.keys()) {
    const code = readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    const lazy = new Set(Array.from(code.matchAll(LAZY_REQUEST), ([, request]) => request));
    const requests = Array.from(new Set(Array.from(code.matchAll(REQUEST), ([, request]) => request)))
      .map((request) => [request, resolve(file, request, folder)])
      .filter(([, to]) => to?.endsWith('.js'));
    modules.set(file, { code, requests });
    for (const [request, to] of requests)
      if (!lazy.has(request) && !modules.has(to)) modules.set(to, undefined);
  }
  return modules;
}

/** The file of a module of this project; undefined for packages. */
function resolve(file, request, folder) {
  // The compiled code is not at its place yet.
  if (request.startsWith('#lib/')) return join(folder, 'libs', request.slice('#lib/'.length), 'index.js');
  return request.startsWith('.') ? createRequire(file).resolve(request) : undefined;
}

/** Escapes characters outside of ASCII, so that V8 stores one byte per character. */
const asAscii = (text) =>
  text.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
