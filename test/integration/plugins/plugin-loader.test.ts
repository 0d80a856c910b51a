import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PluginLoader } from '#lib/plugins';

const ROOT = join(__dirname, '..', '..', '..');

let folder: string;
const write = (path: string, text: string) => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const aClass = (name: string) =>
  `exports.${name} = class ${name} { computeSchedule() { return '${name}'; } };`;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'plugins-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(module: string, className: string, plugins: string[] = ['ours']) {
  const found = new PluginLoader(plugins, folder).load({ module, class: className }, 'computeSchedule');
  return (new found() as { computeSchedule: () => string }).computeSchedule();
}

const catchError = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('It was loaded.');
};

describe('PluginLoader', () => {
  it('finds modules in a configured folder, by relative and absolute paths', () => {
    const file = write('ours/deep/dummy.js', aClass('Dummy'));
    write('ours/index.js', aClass('Main'));
    write('ours/other.cjs', aClass('Other'));
    for (const module of ['deep/dummy.js', 'deep/dummy', './deep/dummy', 'ours/deep/dummy', file]) {
      expect(load(module, 'Dummy')).toBe('Dummy');
    }
    expect(load('ours', 'Main')).toBe('Main');
    expect(load('other', 'Other')).toBe('Other');
  });

  it('finds modules in the folder "plugins" of the working directory by default', () => {
    write('plugins/dummy.js', aClass('Dummy'));
    expect(load('dummy', 'Dummy', [])).toBe('Dummy');
  });

  it('finds only installed packages that are configured', () => {
    write('node_modules/energy-tricks/index.js', aClass('Tricks'));
    write('node_modules/energy-tricks/lib/more.js', aClass('More'));
    write('node_modules/secret/index.js', aClass('Secret'));
    expect(load('energy-tricks', 'Tricks', ['energy-tricks'])).toBe('Tricks');
    expect(load('energy-tricks/lib/more.js', 'More', ['energy-tricks'])).toBe('More');
    for (const module of ['secret', 'energy-tricks/../secret', 'node:fs', 'fs', 'energy']) {
      expect(catchError(() => load(module, 'Secret', ['energy-tricks']))).toMatchObject({
        code: 'PLUGIN_NOT_FOUND',
      });
    }
  });

  it('loads nothing from other folders, whatever the path', () => {
    const file = write(
      'elsewhere/evil.js',
      'globalThis.wasLoaded = true; exports.Evil = class { computeSchedule() {} };',
    );
    write('ours/index.js', aClass('Main'));
    symlinkSync(file, join(folder, 'ours', 'link.js'));
    for (const module of [
      file,
      '../elsewhere/evil.js',
      'ours/../elsewhere/evil',
      'link',
      'link.js',
      '/etc/passwd',
    ]) {
      expect(catchError(() => load(module, 'Evil'))).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
    }
    expect(globalThis).not.toHaveProperty('wasLoaded');
  });

  it('explains why a module or class is invalid', () => {
    write('ours/dummy.js', `${aClass('Dummy')} exports.limit = 5; exports.Idle = class {};`);
    write('ours/broken.js', 'throw new Error("no license");');
    expect(catchError(() => load('dummy', 'Dumy'))).toMatchObject({
      code: 'PLUGIN_CLASS_NOT_FOUND',
      message: 'dummy does not export Dumy. It exports Dummy, limit, Idle.',
    });
    for (const name of ['limit', 'Idle']) {
      expect(catchError(() => load('dummy', name)).message).toBe(
        `${name} of dummy is not a class with a method computeSchedule.`,
      );
    }
    expect(catchError(() => load('broken', 'Any'))).toMatchObject({
      code: 'PLUGIN_FAILED',
      message: 'broken could not be loaded: no license',
    });
  });

  it('provides the base class to files outside of any project', () => {
    const file = write(
      'ours/mine.js',
      `const { Scheduler } = require('flexmeasures/scheduling');
       exports.Mine = class Mine extends Scheduler { computeSchedule() { return []; } };`,
    );
    expect(inOwnProcess('ours', 'mine', 'Mine')).toBe('Mine Scheduler');
    // An ES module resolves the package like any other package, so it must be installed.
    mkdirSync(join(dirname(file), 'node_modules'));
    symlinkSync(ROOT, join(dirname(file), 'node_modules', 'flexmeasures'));
    write(
      'ours/modern.mjs',
      `import { Scheduler } from 'flexmeasures/scheduling';
       export class Modern extends Scheduler { computeSchedule() { return []; } }`,
    );
    expect(inOwnProcess('ours', 'modern', 'Modern')).toBe('Modern Scheduler');
  });

  it('provides types for TypeScript plugins', () => {
    const source = write(
      'ours/typed.ts',
      `import { Scheduler, type PowerSchedule } from 'flexmeasures/scheduling';
       export class Typed extends Scheduler {
         static override readonly author = 'My Company';
         override async computeSchedule(): Promise<PowerSchedule> {
           const prices = await this.context.readSensor(1, 'EUR/MWh');
           return prices.map((price) => (price < 0 ? Number(this.sensor.getAttribute('capacity_in_mw')) : 0));
         }
       }`,
    );
    mkdirSync(join(dirname(source), 'node_modules'));
    symlinkSync(ROOT, join(dirname(source), 'node_modules', 'flexmeasures'));
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--rootDir', dirname(source)];
    execFileSync(tsc, [...options, source], { cwd: dirname(source), encoding: 'utf8' });
    expect(inOwnProcess('ours', 'typed', 'Typed')).toBe('Typed Scheduler');
  });
});

/** Loads a class in a separate process, like a server. @returns its name and the name of its base class */
function inOwnProcess(plugin: string, module: string, className: string): string {
  const script = `
    const { PluginLoader } = require(${JSON.stringify(join(ROOT, 'dist', 'libs', 'plugins', 'plugin-loader.js'))});
    const { Scheduler } = require(${JSON.stringify(join(ROOT, 'dist', 'libs', 'plugin-api', 'index.js'))});
    const found = new PluginLoader([${JSON.stringify(plugin)}]).load(
      { module: ${JSON.stringify(module)}, class: ${JSON.stringify(className)} }, 'computeSchedule');
    console.log(found.name, found.prototype instanceof Scheduler ? Scheduler.name : '');`;
  return execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' }).trim();
}
