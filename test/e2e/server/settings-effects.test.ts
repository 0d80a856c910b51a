import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../../harness/browser/browser';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { flexmeasures } from '../../harness/servers/cli';
import { type ApiServer, startApi } from '../../harness/servers/api';

/** Effects of settings that no other test shows; test/code/settings.test.ts lists them all. */
describe('Settings', () => {
  let folder: string;
  let scene: PeopleScene<ApiServer>;
  let browser: Browser;
  let sensorId: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
    writeFileSync(
      join(folder, 'old_plugin.js'),
      `const { definePlugin, forVisitors } = require('flexmeasures/plugin');
       exports.plugin = definePlugin({ name: 'old-plugin', api: [{ path: '/', access: forVisitors(), handle: () => 'here' }] });`,
    );
    scene = await startPeopleScene(
      { member: [1] },
      {
        FLEXMEASURES_PLUGIN_PATHS: join(folder, 'old_plugin.js'),
        FLEXMEASURES_ASSET_TYPE_GROUPS: '{"our roofs": ["solar"]}',
        MAPBOX_ACCESS_TOKEN: 'pk.our-token',
        FLEXMEASURES_ROOT_VIEW: 'assets',
        FLEXMEASURES_MENU_LISTED_VIEWS: '["assets", "dashboard"]',
        FLEXMEASURES_MENU_LISTED_VIEW_ICONS: '{"assets": "star"}',
        FLEXMEASURES_MENU_LISTED_VIEW_TITLES: '{"assets": "Our things"}',
        CORS_ORIGINS: '["https://page.example"]',
        CORS_RESOURCES: '[r"/api/v3_0/assets.*"]',
        CORS_SUPPORTS_CREDENTIALS: 'False',
      },
      startApi,
    );
    const { rows } = await scene.sql.query<{ id: number }>(
      `WITH asset AS (
         INSERT INTO generic_asset (name, account_id, generic_asset_type_id, latitude, longitude)
         SELECT 'roof', 1, id, 52, 5 FROM generic_asset_type WHERE name = 'solar' RETURNING id),
       sensor AS (
         INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
         SELECT 'power', 'kW', interval '1 hour', 'UTC', id FROM asset RETURNING id),
       source AS (
         INSERT INTO data_source (name, type) VALUES ('meter', 'user'), ('Seita', 'forecasting script') RETURNING id, type)
       INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
       SELECT sensor.id, '2026-03-04T00:00Z', CASE type WHEN 'user' THEN 0 ELSE 7200000 END, source.id, 0.5, 0 FROM sensor, source
       RETURNING sensor_id AS id`,
    );
    sensorId = rows[0]!.id;
    browser = new Browser(scene.api.url);
    await browser.submit('/login', { email: emailOf('member'), password: PASSWORD });
  });
  afterAll(async () => {
    await scene.stop();
    rmSync(folder, { recursive: true });
  });
  const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    flexmeasures(args, { databaseUri: scene.databaseUri, env, cwd: folder });

  it('FLEXMEASURES_ROOT_VIEW sends people from / to a page', async () => {
    const { status, headers } = await browser.get('/');
    expect([status, headers.get('location')]).toEqual([303, '/assets']);
  });

  it('FLEXMEASURES_MENU_LISTED_VIEWS, _ICONS and _TITLES make the menu', async () => {
    const { text } = await browser.get('/dashboard');
    const [menu] = /<nav[^]*?<\/nav>/.exec(text)!;
    expect(menu).toMatch(/fa fa-star" aria-hidden="true"><\/i> Our things<[^]*Dashboard/);
    expect(menu).not.toContain('href="/users"');
  });

  it('FLEXMEASURES_ASSET_TYPE_GROUPS groups the types on the dashboard', async () => {
    expect((await browser.get('/dashboard')).text).toMatch(/<th scope="row">[^]*our roofs/);
  });

  it('MAPBOX_ACCESS_TOKEN shows the tiles of Mapbox, which the security policy allows', async () => {
    const { text, headers } = await browser.get('/dashboard');
    expect(text).toMatch(/tiles="[^"]*https:\/\/api\.mapbox\.com[^"]*access_token=pk\.our-token/);
    expect(headers.get('content-security-policy')).toMatch(/img-src [^;]*https:\/\/api\.mapbox\.com/);
  });

  it('FLEXMEASURES_PLUGIN_PATHS is the old name of FLEXMEASURES_PLUGINS', async () => {
    expect(await (await fetch(`${scene.api.url}/api/old-plugin`)).json()).toBe('here');
  });

  it('CORS_RESOURCES and CORS_SUPPORTS_CREDENTIALS decide what pages of other origins may do', async () => {
    const headersOf = async (path: string) =>
      (await fetch(scene.api.url + path, { headers: { Origin: 'https://page.example' } })).headers;
    const allowed = await headersOf('/api/v3_0/assets');
    expect(allowed.get('access-control-allow-origin')).toBe('https://page.example');
    expect(allowed.get('access-control-allow-credentials')).toBeNull();
    expect((await headersOf('/api/v3_0/sensors')).get('access-control-allow-origin')).toBeNull();
  });

  it('FLEXMEASURES_HIDE_NAN_IN_UI leaves figures empty that cannot be computed', async () => {
    const accuracy = ['show', 'accuracy', '--sensor-id', String(sensorId), '--start', '2026-03-04T00:00Z'];
    const shown = await run([...accuracy, '--duration', 'P1D']);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('nan')]);
    const hidden = await run([...accuracy, '--duration', 'P1D'], { FLEXMEASURES_HIDE_NAN_IN_UI: 'True' });
    expect(hidden.stdout).toContain('Seita');
    expect(hidden.stdout).not.toContain('nan');
  });

  it('FLEXMEASURES_ALLOW_DATA_OVERWRITE lets sources replace what they have stated', async () => {
    const add = (value: number, env: NodeJS.ProcessEnv = {}) => {
      writeFileSync(join(folder, 'data.csv'), `start,value\n2026-03-05T00:00Z,${value}\n`);
      const options = [
        '--sensor-id',
        String(sensorId),
        '--source',
        'importer',
        '--prior',
        '2026-03-06T00:00Z',
      ];
      return run(['add', 'beliefs', 'data.csv', ...options], env);
    };
    expect((await add(1)).code).toBe(0);
    expect((await add(2)).stderr).toContain('would replace');
    expect((await add(2, { FLEXMEASURES_ALLOW_DATA_OVERWRITE: 'True' })).code).toBe(0);
  });

  it('FLEXMEASURES_PLANNING_HORIZON and FLEXMEASURES_MAX_PLANNING_HORIZON bound schedules', async () => {
    const flexModel = {
      'soc-at-start': '1 kWh',
      'soc-min': '0 kWh',
      'soc-max': '2 kWh',
      'power-capacity': '1 kW',
    };
    const schedule = (env: NodeJS.ProcessEnv, ...duration: string[]) =>
      run(
        [
          ...['add', 'schedule', 'for-site', '--asset-id', '1', '--start', '2026-03-08T00:00Z', ...duration],
          ...['--flex-context', '{"consumption-price": "100 EUR/MWh"}'],
          ...['--flex-model', JSON.stringify([{ sensor: sensorId, ...flexModel }])],
        ],
        env,
      );
    const made = await schedule({ FLEXMEASURES_PLANNING_HORIZON: String(6 * 3600) });
    expect([made.code, made.stderr]).toEqual([0, '']);
    const { rows } = await scene.sql.query(
      `SELECT FROM timed_belief WHERE sensor_id = $1 AND event_start >= '2026-03-08T00:00Z'`,
      [sensorId],
    );
    expect(rows).toHaveLength(6);
    const tooLong = await schedule(
      { FLEXMEASURES_MAX_PLANNING_HORIZON: String(3 * 3600) },
      '--duration',
      'PT6H',
    );
    expect([tooLong.code, tooLong.stderr]).toEqual([1, expect.stringMatching(/duration/)]);
  });

  it('FLEXMEASURES_DB_BACKUP_PATH is the folder of dumps', async () => {
    const { code, stderr } = await run(['db-ops', 'save', '--name', 'ours'], {
      FLEXMEASURES_DB_BACKUP_PATH: 'our dumps',
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(readdirSync(join(folder, 'our dumps'))).toEqual(['ours']);
  });

  it('MAIL_USE_SSL talks TLS to the mail server from the first byte on', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const firstByte = new Promise<number>((resolve) =>
      server.once('connection', (socket) => {
        socket.once('data', (data: Buffer) => {
          resolve(data[0]!);
          socket.destroy();
        });
        socket.on('error', () => undefined);
      }),
    );
    const mail = { MAIL_SERVER: '127.0.0.1', MAIL_PORT: String((server.address() as AddressInfo).port) };
    const { code } = await run(['monitor', 'latest-run', '--task', 'never-ran', '1'], {
      ...mail,
      ...{ MAIL_USE_SSL: 'True', FLEXMEASURES_MONITORING_MAIL_RECIPIENTS: 'admin@example.com' },
    });
    server.close();
    // A handshake record of TLS.
    expect(await firstByte).toBe(0x16);
    expect(code).not.toBe(0);
  });
});
