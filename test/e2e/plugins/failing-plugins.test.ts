import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Browser } from '../../harness/browser/browser';
import { eventually } from '../../harness/eventually';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { spawnFlexmeasures } from '../../harness/servers/cli';
import { createPluginFolder, type PluginFolder } from '../../harness/servers/documented-plugins';
import { type ApiServer, startApi } from '../../harness/servers/api';

const SERVER = join(__dirname, '..', '..', '..', 'dist', 'apps', 'api', 'src', 'main.js');

const PLUGINS = {
  broken: 'throw new Error("no licence");',
  wrong: `exports.plugin = definePlugin({ name: 'wrong', veiws: [], views: [{ path: 'my page' }], onEvent: { 'asset.creatd': () => 1 } });`,
  odd: `exports.plugin = definePlugin({
    name: 'odd',
    views: [{ path: '/odd', access: { roles: ['HR'] }, method: 'GRAB', handle: () => '' }],
    api: [{ path: '/odd', query: { a: 'text' }, handle: () => 1 }],
    controllers: [class Nothing {}],
    cli: { commands: [{ name: 'one', run: () => 1 }, { name: 'one', run: () => 1 }] },
  });`,
  bare: `exports.plugin = definePlugin({
    name: 'bare',
    views: { path: '/bare', menu: 'Bare', handle: () => '' },
    cli: {},
    schedulers: class Bare { computeSchedule() {} },
  });`,
  needy: `exports.plugin = definePlugin({ name: 'needy', settings: { NEEDY_KEY: { description: 'A key.', level: 'error' } } });`,
  pushy: `exports.plugin = definePlugin({ name: 'pushy', configure: (config) => config.set('LOGGING_LEVEL', 'loud') });`,
  twin: `exports.plugin = definePlugin({ name: 'faulty' });`,
  faulty: `
    const { Controller, Get } = require('@nestjs/common');
    const made = (path, controller) => {
      const { prototype } = controller;
      const descriptor = Object.getOwnPropertyDescriptor(prototype, 'get');
      Controller(path)(controller);
      for (const decorate of [Get('/'), Requires(forVisitors())]) decorate(prototype, 'get', descriptor);
      return controller;
    };
    exports.plugin = definePlugin({
      name: 'faulty',
      templates: 'templates',
      views: [
        { path: '/throws', handle: () => { throw new Error('view secret'); } },
        { path: '/no-template', handle: () => render('nothing.html') },
        { path: '/bad-template', handle: () => render('bad.html') },
        { path: '/works', handle: () => render('good.html') },
      ],
      api: [
        { path: '/throws', access: forVisitors(), handle: async () => { throw new Error('route secret'); } },
        { path: '/circle', access: forVisitors(), handle: () => { const one = {}; one.one = one; return one; } },
        { path: '/foreign', handle: ({ data }) => data.getAsset(1) },
      ],
      controllers: [
        made('unmade', class Unmade { constructor() { throw new Error('no constructor'); } get() {} }),
        made('controlled', class Controlled { get() { throw new Error('controller secret'); } }),
      ],
      cli: { commands: [{ name: 'fail', run: () => { throw new Error('out of order'); } }] },
      onEvent: { 'asset.created': () => { throw new Error('handler broke'); } },
    });`,
};

describe('A plugin that fails', () => {
  let plugins: PluginFolder;
  let scene: PeopleScene<ApiServer>;
  let env: NodeJS.ProcessEnv;
  let browser: Browser;

  beforeAll(async () => {
    plugins = createPluginFolder();
    const head = `const { definePlugin, forVisitors, render, Requires } = require('flexmeasures/plugin');\n`;
    for (const [name, text] of Object.entries(PLUGINS)) plugins.write(`${name}/index.js`, head + text);
    plugins.write(
      'faulty/templates/bad.html',
      '{% extends "base.html" %}{% block divs %}{{ nothing.at.all() }}{% endblock %}',
    );
    plugins.write(
      'faulty/templates/good.html',
      '{% extends "base.html" %}{% block divs %}<h1>Good</h1>{% endblock %}',
    );
    plugins.write('faulty/templates/login.broken.html', '{% extends "nothing.html" %}');
    const names = ['faulty', 'broken', 'wrong', 'odd', 'bare', 'needy', 'pushy', 'twin'];
    env = {
      FLEXMEASURES_PLUGINS: names.map((name) => join(plugins.folder, name)).join(','),
      SECURITY_LOGIN_USER_TEMPLATE: 'login.broken.html',
    };
    scene = await startPeopleScene({ member: [1], boss: [1, 'account-admin'] }, env, startApi);
    browser = new Browser(scene.api.url);
    await browser.submit('/login', { email: emailOf('member'), password: PASSWORD });
  });
  afterAll(async () => {
    await scene.stop();
    plugins.remove();
  });

  const run = (...args: string[]) => spawnFlexmeasures(args, { databaseUri: scene.databaseUri, env });

  it('at load is left out, and the log and the commands say why', async () => {
    const reasons = [
      'Plugin broken is not used: no licence',
      'Plugin wrong is not used: veiws: unknown; did you mean views? views[0].path: a path such as /my-page or ' +
        '/sites/:id is expected. views[0].handle: a function is expected. onEvent: there is no event asset.creatd; ' +
        'did you mean asset.created?',
      'Plugin odd is not used: views[0].method: one of GET, POST, PUT, PATCH, DELETE is expected. views[0].access: functions ' +
        'such as accountRolesRequired() make requirements. api[0].query.a: a field such as field.text() is expected. ' +
        'controllers[0]: a class with @Controller() of Nest is expected. cli.commands: two commands have the same name.',
      'Plugin bare is not used: views: a list is expected. cli.commands: a list is expected. schedulers: a list is ' +
        'expected. views[0].menu: an object with a title is expected.',
      'Plugin needy is not used: Setting NEEDY_KEY is not set. A key.',
      'Plugin pushy is not used: its configure failed: Setting LOGGING_LEVEL: one of',
      'Plugin twin is not used: another plugin has the name faulty.',
    ];
    const { code, stderr, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const reason of reasons) {
      expect(scene.api.output()).toContain(reason);
      expect(stderr).toContain(reason);
    }
    expect(stdout).toMatch(/^ {2}faulty /m);
    const { text } = await browser.get('/works');
    expect(text).toContain('<h1>Good</h1>');
    expect(text).toContain('Plugins: faulty.');
  });

  it.each(['/throws', '/no-template', '/bad-template'])(
    'in the view %s answers with a page that names it, and keeps the reason to the log',
    async (path) => {
      const { status, text } = await browser.get(path, { Accept: 'text/html' });
      expect(status).toBe(500);
      expect(text).toContain('The plugin faulty failed.');
      expect(text).not.toContain('secret');
      expect(scene.api.output()).toContain(`Plugin faulty failed in GET ${path}: `);
      expect((await browser.get('/works')).status).toBe(200);
    },
  );

  it('in the constructor of a controller is in the log', () => {
    expect(scene.api.output()).toContain('Plugin faulty: controller Unmade failed: no constructor');
  });

  it.each([
    ...['/api/faulty/throws', '/api/faulty/circle'],
    ...['/api/faulty/unmade', '/api/faulty/controlled'],
  ])('in the route %s answers with 500', async (path) => {
    const response = await fetch(scene.api.url + path);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ status: 'PLUGIN_FAILED' });
  });

  it('cannot read for a user what the user cannot read', async () => {
    const asset = { name: 'private', generic_asset_type_id: 1, account_id: 1 };
    const boss = await scene.api.logIn(emailOf('boss'), PASSWORD);
    const { body } = await scene.api.request('POST', '/api/v3_0/assets', { token: boss, json: asset });
    expect(body).toMatchObject({ id: 1 });
    await scene.sql.query('UPDATE generic_asset SET account_id = 2');
    expect((await browser.get('/api/faulty/foreign')).status).toBe(403);
  });

  it('in an event handler is tried again, which the log and the list of events say', async () => {
    await eventually(
      () => scene.api.output(),
      (output) => output.includes('handler broke'),
    );
    expect((await run('jobs', 'show-events')).stdout).toContain('plugin:faulty:asset.created');
    expect((await browser.get('/api/v3_0/assets')).status).toBe(200);
  });

  it('in a command ends it with the reason', async () => {
    const { code, stderr } = await run('faulty', 'fail');
    expect([code, stderr]).toEqual([1, expect.stringContaining('Error: faulty fail failed: out of order\n')]);
  });

  it('in its login template leaves the usual login page', async () => {
    const page = await new Browser(scene.api.url).get('/login');
    expect([page.status, page.text.includes('Forgot the password?')]).toEqual([200, true]);
    expect(scene.api.output()).toContain('SECURITY_LOGIN_USER_TEMPLATE: login.broken.html cannot be shown');
  });

  it('by not being there stops the start with a sentence', async () => {
    const server = spawn(process.execPath, [SERVER], {
      env: {
        ...process.env,
        FLEXMEASURES_PLUGINS: '/nowhere/our_client',
        SQLALCHEMY_DATABASE_URI: scene.databaseUri,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    server.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(server, 'exit')) as [number];
    expect([code, printed]).toEqual([
      1,
      'Error: the server did not start: Setting FLEXMEASURES_PLUGINS: FLEXMEASURES_PLUGINS names /nowhere/our_client, ' +
        'which is not a folder, a JavaScript file, or an installed package.\n',
    ]);
  });
});
