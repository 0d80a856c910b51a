import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flexmeasures } from '../harness/cli';
import { createTestDatabase, type TestDatabase } from '../harness/database';

describe('flexmeasures add forecasts', () => {
  let database: TestDatabase;
  let folder: string;
  let sensor: string;
  const run = (...args: string[]) => flexmeasures(args, { databaseUri: database.uri });

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-'));
    await run('add', 'toy-account');
    const { stdout } = await run(
      ...['add', 'sensor', '--name', 'load', '--asset-id', '2', '--unit', 'kW', '--event-resolution', '60'],
      ...['--timezone', 'Europe/Amsterdam'],
    );
    sensor = /\d+/.exec(stdout.split('ID').pop()!)![0];
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

  it('stores forecasts of past days, also where the clocks change', async () => {
    const { code, stdout, stderr } = await run(
      ...['add', 'forecasts', '--sensor-id', sensor, '--from-date', '2026-03-28', '--to-date', '2026-03-31'],
      ...['--horizon', '6', '--horizon', '24'],
    );
    expect(code).toBe(0);
    expect(stderr).toBe('');
    // Three days, one of them of 23 hours.
    expect(stdout).toContain(`load (sensor ${sensor}), PT6H ahead: 71 forecast(s) stored.`);
    expect(stdout).toContain(`load (sensor ${sensor}), PT24H ahead: 71 forecast(s) stored.`);
    const sources = await run('show', 'data-sources');
    expect(sources.stdout).toContain('linear-OLS');
  });

  it('tells in one line what it cannot use', async () => {
    for (const [options, message] of [
      [['--sensor-id', '999'], 'There is no sensor with id 999.'],
      [[], '--sensor-id: at least one sensor is needed.'],
      [['--sensor-id', sensor, '--resolution', '15'], `--resolution: sensor ${sensor} has events of PT1H`],
      [['--sensor-id', sensor, '--from-date', '2026-04-01', '--to-date', '2026-03-01'], '--to-date'],
      [['--sensor-id', sensor, '--from-date', 'soon'], '--from-date'],
    ] as const) {
      const { code, stderr } = await run('add', 'forecasts', ...options);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});
