import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** Modules that each application loads at its start, and the options that it is started with. */
const APPS = {
  api: {
    roots: ['apps/api/src/create-server.js'],
    options: ['--max-semi-space-size=8', '--heap-growing-percent=40'],
  },
  scheduler: { roots: ['apps/scheduler/src/scheduler.module.js'], options: [] },
  cli: { roots: ['apps/cli/src/app/services.js', 'apps/cli/src/app/cli-jobs.module.js'], options: [] },
};

/**
 * Packages of ES modules that a pack has as CommonJS. Each that imports one of them must be here, too, so that all get the same
 * instances.
 */
const ES_PACKAGES = ['common', 'core', 'typeorm', 'bull', 'passport', 'platform-express'].map(
  (name) => `@nestjs/${name}`,
);

/** Files of modules that a pack can have. */
const JAVASCRIPT = /\.c?js$/;

const REQUEST = /\brequire\(["']([^"']+)["']\)/g;

/** `import()`, as swc compiles it: what it loads is not needed at the start. */
const LAZY_REQUEST =
  /\.then\(\(\)\s*=>\s*(?:\/\*#__PURE__\*\/\s*)?_interop_require_wildcard\(require\(["']([^"']+)["']\)\)/g;

/**
 * Writes a pack per application to `dist`: one file with all modules of this project and all modules of packages that it loads
 * at its start, and their compiled code, for the version of Node.js that builds and the options of the application (see
 * libs/packed-modules). Other ES modules than those of Nest, and modules that are loaded later, stay files of their own.
 *
 * @param root folder of the project; the compiled code is in its folder `dist`
 */
export async function writePacks(root) {
  const dist = join(root, 'dist');
  const esModules = await esModulesOf(ES_PACKAGES, root);
  for (const [app, { roots }] of Object.entries(APPS)) {
    const own = reachable(
      roots.map((file) => join(dist, file)),
      dist,
    );
    writePack(root, app, own, esModules, new Map());
    // The pack without packages is used to find out which packages are loaded.
    const list = join(dist, `${app}.loaded.json`);
    afterStart(
      root,
      app,
      `writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache)))`,
    );
    const loaded = JSON.parse(readFileSync(list, 'utf8'));
    rmSync(list);
    writePack(root, app, own, esModules, await packagesAmong(loaded, join(root, 'node_modules'), esModules));
    afterStart(
      root,
      app,
      `writeFileSync('./dist/${app}.pack.js.' + cachedDataVersionTag() + '.cache', createCodeCache())`,
    );
  }
}

/** @param own, packages, esModules the modules of this project and of packages, by their files */
function writePack(root, app, own, esModules, packages) {
  const [dist, installed] = [join(root, 'dist'), join(root, 'node_modules')];
  const modules = new Map([...own, ...packages, ...esModules]);
  const ids = new Map(Array.from(modules.keys(), (file, id) => [file, id]));
  const packed = Array.from(modules, ([file, { code, requests }]) => {
    const header = [
      relative(own.has(file) ? dist : installed, file)
        .split(sep)
        .join('/'),
      requests.map(([request]) => request),
      requests.map(([, to]) => ids.get(to) ?? -1),
      /\brequire\b(?!\s*\()/.test(code),
    ];
    return `[${JSON.stringify(header).slice(1, -1)},function(exports,require,module,__filename,__dirname){${code}\n}]`;
  });
  const versions = JSON.stringify(versionsOf([...packages.keys(), ...esModules.keys()], installed));
  const text = `({own:${own.size},commonJs:${own.size + packages.size},versions:${versions},modules:[\n${packed.join(',\n')}\n]})`;
  // By a rename, so that a starting process never reads a part of it.
  const fresh = join(dist, `${app}.pack.new`);
  writeFileSync(fresh, asAscii(text));
  renameSync(fresh, join(dist, `${app}.pack.js`));
}

/** Loads what an application loads at its start, in a process with its options, and then runs a statement there. */
function afterStart(root, app, statement) {
  const { roots, options } = APPS[app];
  const script = `
    const { writeFileSync } = require('node:fs');
    const { cachedDataVersionTag } = require('node:v8');
    const { usePackedModules, createCodeCache } = require('./dist/libs/packed-modules/index.js');
    usePackedModules(${JSON.stringify(app)}, true);
    for (const root of ${JSON.stringify(roots)}) require('./dist/' + root);
    ${statement};
    process.exit(0);`;
  const { status } = spawnSync(process.execPath, [...options, '-e', script], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`The pack of ${app} was not written.`);
}

/** The CommonJS modules of packages among the loaded files, with their requests. */
async function packagesAmong(files, installed, esModules) {
  const { transformSync } = await import('esbuild');
  const packages = new Map();
  for (const file of files.filter(
    (name) => name.startsWith(installed + sep) && !esModules.has(name) && isCommonJs(name),
  )) {
    const text = readFileSync(file, 'utf8').replace(/^#!.*/, '');
    // Without comments, half of the memory is needed.
    const { code } = transformSync(text, { minifyWhitespace: true, legalComments: 'none' });
    // A script cannot import ES modules later.
    if (/\bimport\s*\(/.test(code)) continue;
    packages.set(file, { code, requests: requestsOf(code, (request) => tryResolve(file, request)) });
  }
  return packages;
}

/** The ES modules of Nest that packages can load, as CommonJS, with their requests. */
async function esModulesOf(packages, root) {
  const { transformSync } = await import('esbuild');
  const fromRoot = createRequire(join(root, 'package.json'));
  const modules = new Map(packages.map((name) => [fromRoot.resolve(name), undefined]));
  for (const file of modules.keys()) {
    const { code } = transformSync(readFileSync(file, 'utf8'), {
      minifyWhitespace: true,
      legalComments: 'none',
      format: 'cjs',
      platform: 'node',
      // The name says that imports of CommonJS modules work as in Node.js.
      sourcefile: file.replace(/\.js$/, '.mjs'),
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__filename' },
    });
    const requests = requestsOf(code, (request) => tryResolve(file, request));
    modules.set(file, { code, requests });
    for (const [, to] of requests)
      if (to.includes(`${sep}@nestjs${sep}`) && !isCommonJs(to) && !modules.has(to))
        modules.set(to, undefined);
  }
  return modules;
}

/** The requests in the code of a module for modules with a file that can be packed, with these files. */
const requestsOf = (code, resolve) =>
  Array.from(new Set(Array.from(code.matchAll(REQUEST), ([, request]) => request)))
    .map((request) => [request, resolve(request)])
    .filter(([, to]) => to !== undefined && JAVASCRIPT.test(to));

/** Undefined for what is not installed, and for modules of Node.js. */
function tryResolve(file, request) {
  try {
    const to = createRequire(file).resolve(request);
    return to.includes(sep) ? to : undefined;
  } catch {
    return undefined;
  }
}

function isCommonJs(file) {
  if (!file.endsWith('.js')) return file.endsWith('.cjs');
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const description = join(folder, 'package.json');
    if (existsSync(description)) return JSON.parse(readFileSync(description, 'utf8')).type !== 'module';
  }
}

/** The versions of the packages of files, by the paths of the packages. */
function versionsOf(files, installed) {
  const versions = {};
  for (const file of files) {
    const [path] = /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file);
    const name = relative(installed, path).split(sep).join('/');
    versions[name] ??= JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).version;
  }
  return versions;
}

/** The compiled modules that the roots load at their start, with their requests for other compiled modules. */
function reachable(roots, folder) {
  const modules = new Map(roots.map((file) => [file, undefined]));
  for (const file of modules.keys()) {
    const code = readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    const lazy = new Set(Array.from(code.matchAll(LAZY_REQUEST), ([, request]) => request));
    const requests = requestsOf(code, (request) => resolve(file, request, folder));
    modules.set(file, { code, requests });
    for (const [request, to] of requests)
      if (to.startsWith(folder) && !lazy.has(request) && !modules.has(to)) modules.set(to, undefined);
  }
  return modules;
}

/** The file of a module; undefined for modules of Node.js. */
function resolve(file, request, folder) {
  if (request.startsWith('#lib/')) return join(folder, 'libs', request.slice('#lib/'.length), 'index.js');
  return tryResolve(file, request);
}

/** Escapes characters outside of ASCII, so that V8 stores one byte per character. */
const asAscii = (text) =>
  text.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
