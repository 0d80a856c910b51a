import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flexmeasures, spawnFlexmeasures } from '../../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { installPlugin } from '../../harness/servers/plugins';
import { TOY_ACCOUNT, withClient } from '../../harness/databases/templates';

describe('flexmeasures add forecasts', () => {
  let database: TestDatabase;
  let folder: string;
  let sensor: string;
  /** Id of a sensor with events of seven minutes. */
  let minutes: string;
  const run = (...args: string[]) => flexmeasures(args, { databaseUri: database.uri });

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-'));
    const { stdout } = await run(
      ...['add', 'sensor', '--name', 'load', '--asset-id', '2', '--unit', 'kW', '--event-resolution', '60'],
      ...['--timezone', 'Europe/Amsterdam'],
    );
    sensor = /\d+/.exec(stdout.split('ID').pop()!)![0];
    const other = await run(
      ...['add', 'sensor', '--name', 'odd', '--asset-id', '2', '--unit', 'kW', '--event-resolution', '7'],
      ...['--timezone', 'Europe/Amsterdam'],
    );
    minutes = /\d+/.exec(other.stdout.split('ID').pop()!)![0];
    const rows = Array.from({ length: 24 * 40 }, (_, hour) => {
      const time = new Date(Date.UTC(2026, 2, 1) + hour * 3_600_000).toISOString();
      return `${time},${(5 + 2 * Math.sin((2 * Math.PI * hour) / 24)).toFixed(3)}`;
    });
    const file = join(folder, 'load.csv');
    writeFileSync(file, `time,value\n${rows.join('\n')}\n`);
    await run(
      ...[
        'add',
        'beliefs',
        file,
        '--sensor-id',
        sensor,
        '--source',
        'meter',
        '--unit',
        'kW',
        '--horizon',
        '0',
      ],
    );
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  it('stores forecasts of past days, also when the clocks change', async () => {
    const { code, stdout, stderr } = await run(
      ...['add', 'forecasts', '--sensor-id', sensor, '--from-date', '2026-03-28', '--to-date', '2026-03-31'],
      ...['--horizon', '6', '--horizon', '24'],
    );
    expect(code).toBe(0);
    expect(stderr).toBe('');
    // Three days, one of which has 23 hours.
    expect(stdout).toContain(`load (sensor ${sensor}), PT6H ahead: 71 forecast(s) stored.`);
    expect(stdout).toContain(`load (sensor ${sensor}), PT24H ahead: 71 forecast(s) stored.`);
    const sources = await run('show', 'data-sources');
    expect(sources.stdout).toContain('linear-OLS');
  });

  it('forecasts all sensors of the asset given by --asset', async () => {
    const days = ['--from-date', '2026-04-01', '--to-date', '2026-04-02', '--horizon', '6'];
    const line = ['add', 'forecasts', ...days, '--asset-type', 'Asset', '--asset'];
    expect(await run(...line, 'toy-building')).toEqual({
      code: 0,
      stdout: `load (sensor ${sensor}), PT6H ahead: 24 forecast(s) stored.\n`,
      stderr:
        'Warning: --asset-type is deprecated: it has no effect.\n' +
        `Warning: sensor ${minutes} (odd) is skipped: no horizon is a multiple of its event resolution.\n`,
    });
    const unknown = await run(...line, 'my-solar-panel');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("there is no asset named 'my-solar-panel'");
    expect((await run(...line, 'toy-solar')).stderr).toContain("'toy-solar' has no sensors");
  });

  it('stores forecasts of two days from one viewpoint', async () => {
    const { code, stdout, stderr } = await run(
      ...['add', 'forecasts', '--sensor-id', sensor, '--viewpoint', '2026-04-02T12:00+02:00'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`load (sensor ${sensor}), from 2026-04-02T12:00:00+02:00: 48 forecast(s) stored.\n`);
  });

  it('uses a plugin forecaster for sensors that name it', async () => {
    const plugin = installPlugin();
    const withPlugin = (...args: string[]) =>
      spawnFlexmeasures(args, { databaseUri: database.uri, env: { FLEXMEASURES_PLUGINS: plugin.folder } });
    const use = (name: string) =>
      withPlugin(
        ...['edit', 'attribute', '--sensor-id', sensor, '--attribute', 'custom-forecaster'],
        ...['--dict', JSON.stringify({ module: 'our_client', class: name })],
      );
    const make = () =>
      withPlugin(
        ...[
          'add',
          'forecasts',
          '--sensor-id',
          sensor,
          '--from-date',
          '2026-04-05',
          '--to-date',
          '2026-04-06',
        ],
        ...['--horizon', '6'],
      );
    expect(await use('Persistence')).toMatchObject({ code: 0 });
    expect(await make()).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: `load (sensor ${sensor}), PT6H ahead: 24 forecast(s) stored.\n`,
    });
    const { stdout } = await run('show', 'data-sources');
    expect(stdout).toMatch(/forecasting script +My Company +Persistence +3/);
    const shown = await run(
      ...['show', 'accuracy', '--sensor-id', sensor, '--start', '2026-04-05', '--duration', 'P1D'],
      ...['--horizon', '6'],
    );
    // The naive forecast has seen no later values, and the forecaster must do the same.
    const [own] = /My Company.*/.exec(shown.stdout)!;
    const [guess] = /- last value.*/.exec(shown.stdout.slice(shown.stdout.indexOf('My Company')))!;
    expect(own.split(/ {2,}/).slice(1, 6)).toEqual(guess.split(/ {2,}/).slice(1, 6));
    await use('Broken');
    expect(await make()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Broken: nothing is known of load.') as string,
    });
    const unknown = 'exports no class Nobody with a method computeForecast';
    expect(await use('Nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(unknown) as string,
    });
    // A class that the plugin no longer exports.
    await withClient(database.uri, (sql) =>
      sql.query(
        `UPDATE sensor SET attributes = jsonb_set(attributes, '{custom-forecaster,class}', '"Nobody"') WHERE id = $1`,
        [sensor],
      ),
    );
    expect(await make()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(unknown) as string,
    });
    await run('edit', 'attribute', '--sensor-id', sensor, '--attribute', 'custom-forecaster', '--null');
    plugin.remove();
  });

  it('reports invalid options in one line', async () => {
    for (const [options, message] of [
      [['--sensor-id', '999'], 'There is no sensor with id 999.'],
      [[], '--sensor-id: at least one sensor is required.'],
      [
        ['--sensor-id', sensor, '--resolution', '15'],
        `--resolution: must be the event resolution of sensor ${sensor}, PT1H.`,
      ],
      [['--sensor-id', sensor, '--from-date', '2026-04-01', '--to-date', '2026-03-01'], '--to-date'],
      [['--sensor-id', sensor, '--from-date', 'soon'], '--from-date'],
      [['--sensor-id', sensor, '--viewpoint', '2026-04-01', '--horizon', '6'], '--horizon'],
      [['--sensor-id', sensor, '--viewpoint', '2999-04-01'], 'must not be in the future'],
      [['--sensor-id', sensor, '--regressor', '999'], 'regressors: No sensor found with id 999.'],
      [
        ['--sensor-id', sensor, '--from-date', '2999-01-01', '--to-date', '2999-01-02', '--horizon', '6'],
        'The requested events are later',
      ],
      [['--sensor-id', minutes], `--horizon: required for sensor ${minutes}`],
      [
        ['--sensor-id', sensor, '--sensor-id', minutes, '--horizon', '1', '--as-job'],
        'a multiple of the resolution',
      ],
    ] as const) {
      const { code, stderr } = await run('add', 'forecasts', ...options);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});
