import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

/** Runs code that prints JSON, with `use` and `root`, in a process of its own. */
function run(root: string, code: string): unknown {
  const script = `const root = ${JSON.stringify(root)};
    const { usePackedModules: use } = require(root + '/dist/libs/packed-modules/index.js');
    ${code}`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' }));
}

describe('Packed modules', () => {
  it('give modules outside of the pack the same instances', () => {
    const result = run(
      ROOT,
      `use('api', true);
       require(root + '/dist/apps/api/src/create-server.js');
       const file = root + '/dist/libs/extensions/index.js';
       const module = require.cache[file];
       const fromFile = require('module').createRequire(root + '/plugin.js');
       console.log(JSON.stringify({
         isLoaded: module.loaded,
         isSame: module.exports === fromFile(file),
       }));`,
    );
    expect(result).toEqual({ isLoaded: true, isSame: true });
  });

  it('give other modules the same instances of packages, for require and import', () => {
    const result = run(
      ROOT,
      `use('api', true);
       require(root + '/dist/apps/api/src/create-server.js');
       const packages = ['typeorm', 'class-validator', 'express', 'pg', 'rxjs', 'reflect-metadata', 'pino'];
       const fromFile = require('module').createRequire(root + '/plugin.js');
       const isSame = async (name) => {
         const packed = require.cache[fromFile.resolve(name)];
         const imported = await import(name);
         return packed?.loaded === true && packed.exports === fromFile(name) && packed.exports === imported.default;
       };
       Promise.all(packages.map(isSame)).then((same) => console.log(JSON.stringify(same)));`,
    );
    expect(result).toEqual(Array.from({ length: 7 }, () => true));
  });

  it('include ES modules of Nest, unless plugins may import these', () => {
    const isPackedAndSame = (withEsModules: boolean) =>
      run(
        ROOT,
        `use('api', ${withEsModules});
         require(root + '/dist/apps/api/src/create-server.js');
         const fromFile = require('module').createRequire(root + '/plugin.js');
         const names = ['@nestjs/common', '@nestjs/core', '@nestjs/typeorm', '@nestjs/passport'];
         const isPacked = (name) => fromFile.resolve(name) in require.cache && !require('util').types.isModuleNamespaceObject(fromFile(name));
         const isSame = async (name) => {
           const imported = await import(name);
           return Object.keys(imported).every((key) => fromFile(name)[key] === imported[key]);
         };
         Promise.all(names.map(isSame)).then((same) => console.log(JSON.stringify([names.map(isPacked), same])));`,
      );
    const all = (value: boolean) => Array.from({ length: 4 }, () => value);
    expect(isPackedAndSame(true)).toEqual([all(true), all(false)]);
    expect(isPackedAndSame(false)).toEqual([all(false), all(true)]);
  });

  it('leave ES modules out if some were loaded from their files before', () => {
    const isSame = run(
      ROOT,
      `const { ModuleRef } = require('module').createRequire(root + '/plugin.js')('@nestjs/core');
       use('cli', true);
       const fromPack = require('module').createRequire(root + '/dist/apps/cli/src/app/services.js');
       console.log(JSON.stringify([ModuleRef, fromPack('@nestjs/core').ModuleRef].map((one) => one === ModuleRef)));`,
    );
    expect(isSame).toEqual([true, true]);
    // Modules that were not loaded before stay the same, too.
    const isResolved = run(
      ROOT,
      `require('module').createRequire(root + '/plugin.js')('@nestjs/common');
       use('cli', true);
       const { ModuleRef } = require(root + '/node_modules/@nestjs/core/index.js');
       import('@nestjs/core').then((imported) => console.log(JSON.stringify(imported.ModuleRef === ModuleRef)));`,
    );
    expect(isResolved).toBe(true);
  });

  it('do not load the implementation of fetch, which costs memory', () => {
    const isLoaded = run(
      ROOT,
      `use('api', true);
       require(root + '/dist/apps/api/src/create-server.js');
       console.log(JSON.stringify(process.moduleLoadList.some((name) => name.includes('undici/undici'))));`,
    );
    expect(isLoaded).toBe(false);
  });

  it('leave ES modules out if there is a folder of plugins, or settings that name plugins', () => {
    const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-presence-'));
    try {
      const results = run(
        ROOT,
        `const fs = require('fs');
         const { mayHavePlugins } = require(root + '/dist/libs/plugins/presence/index.js');
         process.chdir(${JSON.stringify(folder)});
         for (const name of Object.keys(process.env)) if (name.startsWith('FLEXMEASURES_')) delete process.env[name];
         process.env.HOME = process.cwd();
         const results = [mayHavePlugins()];
         fs.writeFileSync('.env', 'SECRET_KEY=x');
         results.push(mayHavePlugins());
         fs.writeFileSync('.env', 'FLEXMEASURES_PLUGINS=./a.mjs');
         results.push(mayHavePlugins());
         fs.rmSync('.env');
         fs.writeFileSync('.flexmeasures.cfg', 'FLEXMEASURES_PLUGIN_PATHS = ["a"]');
         results.push(mayHavePlugins());
         fs.rmSync('.flexmeasures.cfg');
         fs.mkdirSync('plugins');
         results.push(mayHavePlugins());
         fs.rmdirSync('plugins');
         process.env.FLEXMEASURES_PLUGINS = 'a';
         results.push(mayHavePlugins());
         console.log(JSON.stringify(results));`,
      );
      expect(results).toEqual([false, false, true, true, true, true]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('run when an ES module is the first to import them', () => {
    const result = run(
      ROOT,
      `use('scheduler', true);
       import('bull').then(({ default: Queue }) => {
         require(root + '/dist/apps/scheduler/src/scheduler.module.js');
         const fromFile = require('module').createRequire(root + '/plugin.js');
         console.log(JSON.stringify([typeof Queue, fromFile('bull') === Queue, typeof Queue.Job]));
         process.exit();
       });`,
    );
    expect(result).toEqual(['function', true, 'function']);
  });

  it('come from the packages that are installed if these have other versions', () => {
    const copy = mkdtempSync(join(tmpdir(), 'flexmeasures-pack-'));
    const loadErrors = `use('api', true);
      const { DomainError } = require(root + '/dist/libs/errors/index.js');
      const { DataSource } = require(root + '/node_modules/typeorm/index.js');
      console.log(JSON.stringify([typeof DomainError, DataSource ?? null]));`;
    const typeorm = join(copy, 'node_modules', 'typeorm');
    try {
      mkdirSync(join(copy, 'dist', 'libs', 'packed-modules'), { recursive: true });
      cpSync(join(ROOT, 'dist', 'libs', 'packed-modules'), join(copy, 'dist', 'libs', 'packed-modules'), {
        recursive: true,
      });
      mkdirSync(join(copy, 'dist', 'libs', 'errors'), { recursive: true });
      writeFileSync(join(copy, 'dist', 'libs', 'errors', 'index.js'), '');
      cpSync(join(ROOT, 'dist', 'api.pack.js'), join(copy, 'dist', 'api.pack.js'));
      mkdirSync(typeorm, { recursive: true });
      writeFileSync(join(typeorm, 'package.json'), '{ "name": "typeorm", "version": "0.0.1" }');
      writeFileSync(join(typeorm, 'index.js'), "exports.DataSource = 'of another version';");
      expect(run(copy, loadErrors)).toEqual(['function', 'of another version']);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it('come from the pack, and from their files if there is no pack', () => {
    const copy = mkdtempSync(join(tmpdir(), 'flexmeasures-pack-'));
    const loaded = `use('cli', true);
      const { DomainError } = require(root + '/dist/libs/errors/index.js');
      console.log(JSON.stringify(typeof DomainError));`;
    const isHooked = `const { _extensions } = require('module'); const before = _extensions['.js'];
      use('cli', true); console.log(_extensions['.js'] !== before);`;
    try {
      for (const lib of ['packed-modules', 'errors']) {
        const folder = join('dist', 'libs', lib);
        mkdirSync(join(copy, folder), { recursive: true });
        cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
      }
      expect(run(copy, isHooked)).toBe(false);
      expect(run(copy, loaded)).toBe('function');
      cpSync(join(ROOT, 'dist', 'cli.pack.js'), join(copy, 'dist', 'cli.pack.js'));
      expect(run(copy, isHooked)).toBe(true);
      expect(run(copy, loaded)).toBe('function');
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
