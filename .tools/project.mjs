import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { writePacks } from './pack.mjs';
import { bundleWeb } from './web.mjs';

/** The root folder of the repository, independent of the working directory. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the root folder with inherited output. @returns its exit code */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Path of an installed command-line tool. */
export const tool = (name) => join(root, 'node_modules', '.bin', name);

/** Installs the locked dependencies, unless node_modules matches the lock file. */
export async function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.installed-lock-sha256');
  const wanted = hash([join(root, 'package-lock.json')]);
  if (read(stamp) === wanted) return;
  await withLock(join(root, '.install.lock'), () => {
    if (read(stamp) === wanted) return;
    console.log('Installing dependencies (npm ci) ...');
    const npm = process.env.npm_execpath;
    const code = npm?.endsWith('.js')
      ? run(process.execPath, [npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'])
      : run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
          shell: process.platform === 'win32',
        });
    if (code !== 0) process.exit(code);
    writeFileSync(stamp, wanted);
  });
}

/**
 * Compiles apps/, libs/ and the benchmarks to dist/, unless dist/ is up to date.
 * The output replaces the old one by a rename, so that a starting process never sees a partial build.
 */
export async function ensureBuilt() {
  const sources = ['apps', 'libs', 'test/bench'].flatMap((folder) => walk(join(root, folder)));
  const stamp = join(root, 'dist', '.sources-sha256');
  const wanted = hash([...sources, join(root, '.swcrc'), join(root, 'package-lock.json')]);
  if (read(stamp) === wanted) return;
  await withLock(join(root, '.build.lock'), async () => {
    if (read(stamp) === wanted) return;
    const { transformFile } = await import('@swc/core');
    const fresh = join(root, `.dist-${process.pid}`);
    rmSync(fresh, { recursive: true, force: true });
    for (const file of sources.filter((name) => isCompiled(name))) {
      const target = join(fresh, relative(root, file)).replace(/\.ts$/, '.js');
      const { code, map } = await transformFile(file, { cwd: root, configFile: join(root, '.swcrc') });
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(
        target,
        `${withoutFetchTypes(code)}\n//# sourceMappingURL=${target.split(/[\\/]/).pop()}.map\n`,
      );
      writeFileSync(`${target}.map`, map);
    }
    await writeDeclarations(sources, fresh);
    await bundleWeb(join(root, 'apps', 'web'), join(fresh, 'web'));
    const old = join(root, `.dist-old-${process.pid}`);
    if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
    renameSync(fresh, join(root, 'dist'));
    rmSync(old, { recursive: true, force: true });
    await writePacks(root);
    writeFileSync(stamp, wanted);
  });
}

/**
 * The metadata of a parameter with an imported type names the global variable of this name. For requests and responses of
 * Express, this would be classes of `fetch`, whose implementation the server would load for them at its start.
 */
const withoutFetchTypes = (code) =>
  code.replace(/\btypeof (Request|Response) === "undefined" \? Object : \1\b/g, 'Object');

/** Builds the site of the documentation to dist/documentation, unless it is up to date; needs the compiled code. */
export async function ensureDocs() {
  const target = join(root, 'dist', 'documentation');
  const stamp = join(target, '.sources-sha256');
  const { buildSite, docsSources } = await import('./docs/site.mjs');
  const wanted = hash([...docsSources(root), join(root, 'dist', '.sources-sha256')]);
  if (read(stamp) === wanted) return;
  await withLock(join(root, '.build.lock'), async () => {
    if (read(stamp) === wanted) return;
    await buildSite(root, target);
    writeFileSync(stamp, wanted);
  });
}

/** Writes type declarations of the entry points that other packages import. */
async function writeDeclarations(sources, folder) {
  const { default: ts } = await import('typescript');
  const isImportedByOthers = (file) => /^libs[\\/]plugin-api[\\/]/.test(relative(root, file));
  for (const file of sources.filter((name) => isImportedByOthers(name) && isCompiled(name))) {
    const target = join(folder, relative(root, file)).replace(/\.ts$/, '.d.ts');
    writeFileSync(target, ts.transpileDeclaration(readFileSync(file, 'utf8'), { fileName: file }).outputText);
  }
}

/** Excludes specs, reference implementations that only specs use, and what is bundled for browsers. */
const isCompiled = (name) =>
  name.endsWith('.ts') &&
  !/\.(spec|d)\.ts$/.test(name) &&
  !/[\\/]reference[\\/]/.test(name) &&
  !/[\\/]apps[\\/]web[\\/]/.test(name);

function walk(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hash(files) {
  const sum = createHash('sha256');
  for (const file of files)
    sum.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return sum.digest('hex');
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
