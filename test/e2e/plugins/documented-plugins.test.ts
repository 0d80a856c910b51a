import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from '../../harness/browser/browser';
import { eventually } from '../../harness/eventually';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { flexmeasures, spawnFlexmeasures } from '../../harness/servers/cli';
import { installDocumentedPlugins, type PluginFolder } from '../../harness/servers/documented-plugins';
import { type ApiServer, startApi } from '../../harness/servers/api';

const PAGES = ['showcase.md', 'customising.md', 'access.md'];

describe('The plugins of docs/plugins', () => {
  let plugins: PluginFolder;
  let scene: PeopleScene<ApiServer>;
  let env: NodeJS.ProcessEnv;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    plugins = installDocumentedPlugins(PAGES);
    env = {
      FLEXMEASURES_PLUGINS: JSON.stringify(plugins.names.map((name) => join(plugins.folder, name))),
      FLEXMEASURES_MENU_LISTED_VIEWS: '["my-page", "dashboard"]',
      SECURITY_LOGIN_USER_TEMPLATE: 'my_user_login.html',
      MY_PLUGIN_URL: 'https://example.com',
      MY_PLUGIN_COLOR: 'red',
    };
    scene = await startPeopleScene(
      { member: [1], boss: [1, 'account-admin'], admin: [2, 'admin'], stranger: [2] },
      env,
      startApi,
    );
    await scene.sql.query(
      `WITH role AS (INSERT INTO account_role (name) VALUES ('MyService-subscriber') RETURNING id)
       INSERT INTO roles_accounts (account_id, role_id) SELECT 1, id FROM role`,
    );
    for (const name of ['member', 'boss', 'admin', 'stranger'])
      tokens[name] = await scene.api.logIn(emailOf(name), PASSWORD);
  });
  afterAll(async () => {
    await scene.stop();
    plugins.remove();
  });

  const loggedIn = async (name: string) => {
    const browser = new Browser(scene.api.url);
    await browser.submit('/login', { email: emailOf(name), password: PASSWORD });
    return browser;
  };
  const call = async (
    path: string,
    { as, method = 'GET', json }: { as?: string; method?: string; json?: unknown } = {},
  ) => {
    const response = await fetch(scene.api.url + path, {
      method,
      headers: {
        ...(as !== undefined && { Authorization: tokens[as]! }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
      },
      body: json === undefined ? undefined : JSON.stringify(json),
    });
    return { status: response.status, body: await response.json() };
  };
  const command = (...args: string[]) => flexmeasures(args, { databaseUri: scene.databaseUri, env });

  it('show a page in the frame at / and at its own path, in the menu, with a footer and versions', async () => {
    const browser = await loggedIn('member');
    for (const path of ['/', '/my-page']) {
      const { status, text } = await browser.get(path);
      expect(status).toBe(200);
      expect(text).toContain('<title>Our client dashboard - Our platform</title>');
      expect(text).toContain('<p>I am a FlexMeasures plugin !</p>');
      expect(text).toMatch(/<a href="\/my-page" aria-current="page">/);
      expect(text).toContain('in cooperation with');
      expect(text).toMatch(/&copy; 20\d\d/);
      expect(text).toMatch(/Plugins: .*our-api 1\.2, our-client 2\.0/);
    }
    expect((await browser.get('/dashboard')).text).toContain('<h1>Dashboard</h1>');
  });

  it('send visitors to the login page', async () => {
    const { status, headers } = await new Browser(scene.api.url).get('/my-page', { Accept: 'text/html' });
    expect([status, headers.get('location')]).toEqual([303, '/login?next=%2Fmy-page']);
  });

  it('run commands with validated options, and are in the help', async () => {
    // In a process of its own, as users do.
    const options = { databaseUri: scene.databaseUri, env };
    expect(await spawnFlexmeasures(['our-client', 'test'], options)).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: 'I am a CLI command, part of FlexMeasures\n',
    });
    expect((await command('--help')).stdout).toMatch(/our-client +Our client commands/);
    const met = await command('our-meetings', 'meet', '--where', 'A-12', '--when', '2026-03-04T12:00+01:00');
    expect(met.stdout).toBe('Okay, see you A-12 on 2026-03-04T11:00:00.000Z.\n');
    const wrong = await command('our-meetings', 'meet', '--where', 'here');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("argument 'here' is invalid. Must be a room such as A-12.");
    const noZone = await command('our-meetings', 'meet', '--where', 'A-1', '--when', '2026-03-04T12:00');
    expect(noZone.stderr).toContain('has no time zone');
  });

  it('bring style sheets, logo, icon and a teaser on the login page', async () => {
    const browser = await loggedIn('member');
    const { text } = await browser.get('/styled');
    const [, css] = /href="([^"]+style\.css)"/.exec(text) ?? [];
    expect(css).toBe('/static/plugins/our-styles/css/style.css');
    expect((await browser.get(css!)).text).toContain('letter-spacing');
    expect(text).toContain('<a href="/styled" aria-current="page">');
    expect(text).toContain('<img src="/static/custom/logo"');
    expect((await browser.get('/static/custom/logo')).text).toContain('<circle');
    expect(text).toContain('<link rel="icon" href="/favicon.ico">');
    const visitor = new Browser(scene.api.url);
    const icon = await visitor.get('/favicon.ico');
    expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(icon.text).toContain('teal');
    expect((await visitor.get('/login')).text).toContain('<h1>Welcome to my plugin!</h1>');
    for (const path of ['../index.js', '..%2Findex.js', 'nothing.css'])
      expect((await visitor.get(`/static/plugins/our-styles/${path}`)).status).toBe(404);
  });

  it('check settings at the start', async () => {
    expect(scene.api.output()).toContain(
      'Plugin our_settings: Setting MY_PLUGIN_TOKEN is not set. Token used by my plugin for y. Without this token, my plugin will not do y.',
    );
    expect((await call('/api/our-settings/colour', { as: 'member' })).body).toEqual({ colour: 'red' });
    const { stderr, stdout } = await spawnFlexmeasures(['show', 'plugins'], {
      databaseUri: scene.databaseUri,
      env: { ...env, MY_PLUGIN_URL: '' },
    });
    expect(stdout + stderr).toContain('Setting MY_PLUGIN_URL is not set. URL used by my plugin for x.');
  });

  it('decide who may use a route, and validate queries and bodies', async () => {
    expect((await call('/api/our-api/prices')).body).toEqual({ eurPerBanana: 0.3 });
    expect((await call('/api/our-api/bananas')).status).toBe(401);
    expect((await call('/api/our-api/bananas', { as: 'stranger' })).status).toBe(403);
    const bananas = { bananas: ['yellow'], limit: 10 };
    expect((await call('/api/our-api/bananas?ripe=true', { as: 'member' })).body).toEqual(bananas);
    expect(await call('/api/our-api/bananas?ripe=maybe&colour=red', { as: 'admin' })).toMatchObject({
      status: 422,
      body: { message: { query: { ripe: ['Must be true or false.'], colour: ['Unknown field.'] } } },
    });
    const post = (as: string, json: unknown) => call('/api/our-api/bananas', { as, method: 'POST', json });
    expect((await post('member', { colour: 'green' })).status).toBe(403);
    expect(await post('boss', { colour: 'green' })).toEqual({
      status: 201,
      body: { colour: 'green', by: 'boss' },
    });
    expect(await post('boss', {})).toMatchObject({
      status: 422,
      body: { message: { json: { colour: ['Missing data for required field.'] } } },
    });
    expect(await post('boss', { colour: 'brown' })).toMatchObject({
      status: 422,
      body: { message: { json: { colour: ['We take no brown bananas.'] } } },
    });
  });

  it('answer with controllers of Nest, with the same guards, and describe them', async () => {
    const path = '/api/our-controllers/fruit';
    expect(await call(`${path}/prices/1`)).toEqual({ status: 200, body: { eur: 0.4 } });
    expect(await call(`${path}/prices/7`)).toMatchObject({ status: 404 });
    expect((await call(`${path}/prices/one`)).status).toBe(400);
    const order = (as?: string) => call(`${path}/orders`, { as, method: 'POST', json: { count: 3 } });
    expect((await order()).status).toBe(401);
    expect((await order('stranger')).status).toBe(403);
    expect(await order('member')).toEqual({ status: 201, body: { ordered: 3, assets: 0 } });
    const { paths } = (await call('/openapi.json')).body as { paths: Record<string, Record<string, object>> };
    expect(paths[`${path}/prices/{id}`]!['get']).toMatchObject({
      ...{ tags: ['our-controllers'], summary: 'Get the price of a fruit.', security: [] },
      parameters: [{ name: 'id', in: 'path' }],
    });
    expect(paths[`${path}/orders`]!['post']).toMatchObject({ summary: 'Order fruit.' });
  });

  it('handle events, and check permissions on resources', async () => {
    const asset = { name: 'our battery', generic_asset_type_id: 5, account_id: 1 };
    const types = (await call('/api/v3_0/assets/types', { as: 'boss' })).body as {
      id: number;
      name: string;
    }[];
    const battery = types.find(({ name }) => name === 'battery')!;
    const created = await call('/api/v3_0/assets', {
      ...{ as: 'boss', method: 'POST' },
      json: { ...asset, generic_asset_type_id: battery.id, latitude: 52, longitude: 5 },
    });
    expect(created.status).toBe(201);
    const [sensor] = await eventually(
      async () =>
        (await scene.sql.query<{ id: number }>(`SELECT id FROM sensor WHERE name = 'temperature'`)).rows,
      (found) => found.length === 1,
    );
    const path = `/api/our-api/sensors/${sensor!.id}`;
    expect((await call(path, { as: 'member' })).body).toEqual({ name: 'temperature' });
    expect((await call(path, { as: 'stranger' })).status).toBe(403);
    expect((await call('/api/our-api/sensors/9999', { as: 'member' })).status).toBe(422);
  });

  it('offer schedulers by name', async () => {
    expect((await call('/api/v3_0/schedulers', { as: 'member' })).body).toEqual({
      schedulers: [
        {
          ...{ name: 'DummyScheduler', module: 'our_scheduler', author: 'My Company' },
          ...{ version: '2', plugin_version: null },
        },
      ],
      status: 200,
    });
    expect((await command('show', 'schedulers')).stdout).toMatch(
      /custom-scheduler.*our_scheduler.*DummyScheduler/,
    );
  });

  it('offer reporters by name, whose reports are stored', async () => {
    const { rows } = await scene.sql.query<{ id: number }>(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
       SELECT name, unit, interval '1 hour', 'UTC', (SELECT min(id) FROM generic_asset)
       FROM (VALUES (1, 'power', 'kW'), (2, 'price', 'EUR/MWh'), (3, 'cost', 'EUR')) AS given (i, name, unit) ORDER BY i
       RETURNING id`,
    );
    const [power, price, cost] = rows.map(({ id }) => id);
    await scene.sql.query(
      `WITH source AS (INSERT INTO data_source (name, type) VALUES ('meter', 'CLI script') RETURNING id)
       INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
       SELECT sensor_id, start, 0, id, 0.5, value FROM source, (VALUES
         ($1::int, '2026-03-04T09:00Z'::timestamptz, 8), ($1, '2026-03-04T10:00Z', 8),
         ($2, '2026-03-04T09:00Z', 100), ($2, '2026-03-04T10:00Z', 250)) AS given (sensor_id, start, value)`,
      [power, price],
    );
    expect((await command('show', 'reporters')).stdout).toMatch(
      /AggregatorReporter +Seita +1[^]*our_reporter +CostReporter +My Company +1/,
    );
    const parameters = { output: [{ sensor: cost }], start: '2026-03-04T09:00Z', end: '2026-03-04T11:00Z' };
    const report = (...input: (number | undefined)[]) =>
      command(
        ...['add', 'report', '--reporter', 'our_reporter:CostReporter', '--config', '{"taxes": 0.05}'],
        ...['--parameters', JSON.stringify({ ...parameters, input: input.map((sensor) => ({ sensor })) })],
      );
    expect((await report(power, price)).code).toBe(0);
    const stored = await scene.sql.query(
      `SELECT event_value AS value, source.name, type, model FROM timed_belief
       JOIN data_source source ON source.id = source_id WHERE sensor_id = $1 ORDER BY event_start`,
      [cost],
    );
    // 8 kWh at 0.10 and 0.25 EUR, with taxes of 0.05 EUR per kWh.
    const source = { name: 'My Company', type: 'reporter', model: 'CostReporter' };
    expect(stored.rows).toEqual([
      { value: expect.closeTo(1.2, 9) as number, ...source },
      { value: expect.closeTo(2.4, 9) as number, ...source },
    ]);
    const { code, stderr } = await report(price);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('CostReporter: It needs the inputs power and price.'),
    ]);
  });

  it('are in the list of routes before those of the server', async () => {
    const { stdout } = await spawnFlexmeasures(['routes'], { databaseUri: scene.databaseUri, env });
    const lines = stdout.split('\n');
    const ofPath = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
    expect(ofPath(/^GET +\/ +plugin our-client$/)).toBeGreaterThanOrEqual(0);
    expect(ofPath(/^GET +\/ +DashboardController$/)).toBeGreaterThan(ofPath(/^GET +\/ +plugin our-client$/));
    expect(ofPath(/^POST +\/api\/our-api\/bananas +plugin our-api$/)).toBeGreaterThanOrEqual(0);
    expect(ofPath(/^POST +\/api\/v3_0\/sensors\/:id\/schedules\/trigger/)).toBeGreaterThanOrEqual(0);
  });

  it('are in the served contract under their tag', async () => {
    const { body } = await call('/openapi.json');
    const { paths, tags } = body as {
      tags: { name: string; description: string }[];
      paths: Record<string, Record<string, object>>;
    };
    expect(tags).toContainEqual({ name: 'our-api', description: 'Bananas, and what they cost.' });
    expect(paths['/api/our-api/sensors/{id}']!['get']).toMatchObject({
      tags: ['our-api'],
      summary: 'Get the name of a sensor.',
      parameters: [{ name: 'id', in: 'path', required: true }],
    });
    expect(paths['/api/our-api/bananas']!['post']).toMatchObject({
      requestBody: {
        content: {
          'application/json': { schema: { properties: { colour: { enum: ['green', 'yellow', 'brown'] } } } },
        },
      },
    });
  });

  it('have tests that run', () => {
    const output = execFileSync(process.execPath, ['--test', 'our_client/index.test.js'], {
      cwd: plugins.folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    });
    expect(output).toMatch(/pass 2/);
    expect(readFileSync(join(plugins.folder, 'our_client', 'greet.ts'), 'utf8')).toContain('greet');
  });
});
