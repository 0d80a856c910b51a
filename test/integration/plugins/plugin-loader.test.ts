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
  it('lists plugins with the versions of their own package.json', () => {
    write('package.json', '{"name": "host", "version": "9.9.9"}');
    write('ours/package.json', '{"version": "1.2.3", "main": "lib/start.js"}');
    write('ours/lib/start.js', '');
    write('plain/index.js', '');
    write('single.js', '');
    write(
      'node_modules/bought/package.json',
      '{"name": "bought", "version": "4.5.6", "main": "dist/main.js"}',
    );
    write('node_modules/bought/dist/main.js', '');
    const { plugins } = new PluginLoader(['ours', 'plain', 'single.js', 'bought'], folder);
    expect(plugins.map(({ name, version }) => ({ name, version }))).toEqual([
      { name: 'ours', version: '1.2.3' },
      { name: 'plain', version: undefined },
      { name: 'single', version: undefined },
      { name: 'bought', version: '4.5.6' },
    ]);
  });

  it('finds a plugin in a folder, by its name and by its path', () => {
    write('ours/index.js', aClass('Main'));
    for (const module of ['ours', join(folder, 'ours')]) expect(load(module, 'Main')).toBe('Main');
    expect(load('ours', 'Main', [join(folder, 'ours')])).toBe('Main');
  });

  it.each([
    ['index.cjs', {}],
    ['lib/start.js', { main: 'lib/start.js' }],
    ['lib/start.js', { main: './lib/start' }],
    ['lib/start.cjs', { exports: './lib/start.cjs', main: './lib/start.cjs' }],
  ])('enters a folder through %s with the package.json %j', (entry, manifest) => {
    write('ours/package.json', JSON.stringify({ name: 'anything', ...manifest }));
    write(`ours/${entry}`, aClass('Main'));
    expect(load('ours', 'Main')).toBe('Main');
  });

  it('finds a plugin that is one file', () => {
    const file = write('elsewhere/dummy.js', aClass('Dummy'));
    for (const module of ['dummy', file]) expect(load(module, 'Dummy', [file])).toBe('Dummy');
    expect(load('dummy', 'Dummy', ['elsewhere/dummy.js'])).toBe('Dummy');
  });

  it('finds each folder in the folder "plugins" of the working directory without a setting', () => {
    write('plugins/first/index.js', aClass('First'));
    write('plugins/second/index.mjs', 'export class Second { computeSchedule() { return "Second"; } }');
    write('plugins/loose.js', aClass('Loose'));
    expect(load('first', 'First', [])).toBe('First');
    expect(load('second', 'Second', [])).toBe('Second');
    expect(catchError(() => load('loose', 'Loose', []))).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
  });

  it('finds only installed packages that are configured, and only what their entry exports', () => {
    write('node_modules/energy-tricks/index.js', aClass('Tricks'));
    write('node_modules/energy-tricks/lib/more.js', aClass('More'));
    write('node_modules/secret/index.js', aClass('Secret'));
    expect(load('energy-tricks', 'Tricks', ['energy-tricks'])).toBe('Tricks');
    const others = [
      'secret',
      'energy-tricks/lib/more.js',
      'energy-tricks/../secret',
      'node:fs',
      'fs',
      'energy',
    ];
    for (const module of others) {
      expect(catchError(() => load(module, 'Secret', ['energy-tricks']))).toMatchObject({
        code: 'PLUGIN_NOT_FOUND',
      });
    }
    expect(new PluginLoader(['fs', 'node:fs'], folder).missing).toHaveLength(2);
  });

  it('loads no file that a reference names, in the plugin or elsewhere', () => {
    const loaded = (name: string) =>
      `globalThis.wasLoaded = true; exports.${name} = class { computeSchedule() {} };`;
    const file = write('elsewhere/evil.js', loaded('Evil'));
    const inside = write('ours/lib/helper.js', loaded('Evil'));
    write('ours/index.js', aClass('Main'));
    symlinkSync(file, join(folder, 'ours', 'link.js'));
    const modules = [
      ...['ours/lib/helper.js', 'ours/lib/helper', 'lib/helper.js', 'lib/helper', './lib/helper.js', inside],
      ...['ours/index.js', 'index', join(folder, 'ours', 'index.js'), 'ours/', './ours', 'ours/.'],
      ...[file, '../elsewhere/evil.js', 'ours/../elsewhere/evil', 'link', 'link.js', 'ours/link'],
      ...['/etc/passwd', 'constructor', '__proto__', ''],
    ];
    for (const module of modules) {
      expect(catchError(() => load(module, 'Evil'))).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
    }
    expect(globalThis).not.toHaveProperty('wasLoaded');
  });

  it('explains why a module or class is invalid', () => {
    write('dummy/index.js', `${aClass('Dummy')} exports.limit = 5; exports.Idle = class {};`);
    write('broken/index.js', 'throw new Error("no license");');
    const plugins = ['dummy', 'broken'];
    for (const name of ['Dumy', 'limit', 'Idle', 'constructor', '__proto__', 'toString']) {
      expect(catchError(() => load('dummy', name, plugins))).toMatchObject({
        code: 'PLUGIN_CLASS_NOT_FOUND',
        message: `Plugin dummy exports no class ${name} with a method computeSchedule. It exports Dummy.`,
      });
    }
    expect(catchError(() => load('broken', 'Any', plugins))).toMatchObject({
      code: 'PLUGIN_FAILED',
      message: 'Plugin broken could not be loaded: no license',
    });
    expect(catchError(() => load('absent', 'Any', plugins)).message).toBe(
      'There is no plugin absent. Plugins of this process (FLEXMEASURES_PLUGINS): dummy, broken.',
    );
  });

  it('reports settings that name no plugin, and names that are taken', () => {
    mkdirSync(join(folder, 'empty'));
    write('ours/index.js', aClass('Main'));
    write('others/ours/index.js', aClass('Other'));
    const { missing, problems } = new PluginLoader(
      ['ours', join(folder, 'ours'), 'others/ours', 'empty', './absent', 'not-installed'],
      folder,
    );
    expect(problems).toEqual([
      `Two plugins have the name ours; ${join(folder, 'others', 'ours', 'index.js')} is not used.`,
    ]);
    expect(missing).toEqual([
      'Plugin folder empty has no entry: neither index.js nor a main file in its package.json.',
      'FLEXMEASURES_PLUGINS names ./absent, which is not a folder, a JavaScript file, or an installed package.',
      'FLEXMEASURES_PLUGINS names not-installed, which is not a folder, a JavaScript file, or an installed package.',
    ]);
  });

  it('provides the base class to files outside of any project', () => {
    const file = write(
      'mine.js',
      `const { Scheduler } = require('flexmeasures/scheduling');
       exports.Mine = class Mine extends Scheduler { computeSchedule() { return []; } };`,
    );
    expect(inOwnProcess('./mine.js', 'mine', 'Mine')).toBe('Mine Scheduler');
    // An ES module resolves the package like any other package, so it must be installed.
    mkdirSync(join(dirname(file), 'node_modules'));
    symlinkSync(ROOT, join(dirname(file), 'node_modules', 'flexmeasures'));
    write(
      'modern.mjs',
      `import { Scheduler } from 'flexmeasures/scheduling';
       export class Modern extends Scheduler { computeSchedule() { return []; } }`,
    );
    expect(inOwnProcess('./modern.mjs', 'modern', 'Modern')).toBe('Modern Scheduler');
  });

  it('provides types for TypeScript plugins', () => {
    const source = write(
      'ours/index.ts',
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
    expect(inOwnProcess('./ours', 'ours', 'Typed')).toBe('Typed Scheduler');
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
