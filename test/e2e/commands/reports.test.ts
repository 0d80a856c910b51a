import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';
import { flexmeasures } from '../../harness/servers/cli';

const QUARTER_MS = 900_000;
/** The day on which the clocks go forward: 23 hours. */
const DAY = { start: '2026-03-29T00:00+01:00', end: '2026-03-30T00:00+02:00' };

describe('flexmeasures add report', () => {
  let database: TestDatabase;
  let sql: Client;
  let folder: string;
  const ids: Record<string, number> = {};

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    sql = new Client(database.uri);
    await sql.connect();
    folder = mkdtempSync(join(tmpdir(), 'reports-'));
    for (const [name, unit, resolution] of [
      ['load', 'kW', 'PT15M'],
      ['solar', 'kW', 'PT15M'],
      ['net', 'MW', 'PT60M'],
      ['energy', 'kWh', 'P1D'],
    ] as const) {
      const fields = ['--name', name, '--unit', unit, '--event-resolution', resolution, '--asset-id', '2'];
      const added = await run('add', 'sensor', ...fields, '--timezone', 'Europe/Amsterdam');
      ids[name] = Number(/ID (\d+)/.exec(added.stdout)![1]);
    }
    await sql.query(
      `INSERT INTO data_source (id, name, type) VALUES (901, 'meter', 'user'), (902, 'guess', 'user')`,
    );
    // A load of 8 kW, and 2 kW of the sun from 10:00 to 12:00 UTC; from 13:00 to 14:00 the sun is unknown.
    const start = Date.parse('2026-03-28T23:00Z');
    for (let ms = start; ms < start + 24 * 4 * QUARTER_MS; ms += QUARTER_MS) {
      const hour = new Date(ms).getUTCHours();
      await insert('load', ms, 8);
      if (hour !== 13) await insert('solar', ms, hour === 10 || hour === 11 ? 2 : 0);
    }
    await insert('load', start, 100, 902);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await sql.end();
    await database.drop();
  });

  const insert = (sensor: string, ms: number, value: number, source = 901) =>
    sql.query(
      `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
       VALUES ($1, $2, 0, $3, 0.5, $4)`,
      [ids[sensor], new Date(ms), source, value],
    );
  const run = (...args: string[]) => flexmeasures(args, { databaseUri: database.uri, cwd: folder });
  const report = (reporter: string, config: object, parameters: object, ...rest: string[]) =>
    run(
      ...['add', 'report', '--reporter', reporter, '--config', JSON.stringify(config)],
      ...['--parameters', JSON.stringify(parameters), ...rest],
    );
  const valuesOf = async (name: string) => {
    const { rows } = await sql.query<{
      start: Date;
      value: number;
      source: string;
      type: string;
      model: string;
    }>(
      `SELECT event_start AS start, event_value AS value, source.name AS source, source.type, source.model
       FROM timed_belief JOIN data_source source ON source.id = source_id WHERE sensor_id = $1 ORDER BY event_start`,
      [ids[name]],
    );
    return rows;
  };
  const net = () => ({
    input: [
      { sensor: ids['load'], sources: [901] },
      { sensor: ids['solar'], name: 'sun' },
    ],
    output: [{ sensor: ids['net'] }],
    ...DAY,
  });

  it('sums sensors with weights, in the unit and resolution of the output', async () => {
    const { code, stderr, stdout } = await report('AggregatorReporter', { weights: { sun: -1 } }, net());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`net (sensor ${ids['net']}): 22 of 23 values are known.\n22 values are stored.\n`);
    const stored = await valuesOf('net');
    expect(stored.map(({ value }) => value)).toEqual(
      Array.from({ length: 22 }, (_, i) => expect.closeTo(i === 11 || i === 12 ? 0.006 : 0.008, 9) as number),
    );
    expect(stored.find(({ start }) => start.toISOString() === '2026-03-29T13:00:00.000Z')).toBeUndefined();
    expect(stored[0]).toMatchObject({ source: 'Seita', type: 'reporter', model: 'AggregatorReporter' });
    expect((await report('AggregatorReporter', { weights: { sun: -1 } }, net())).stdout).toContain(
      '0 values are stored.',
    );
    // A name that each object has.
    const named = { ...net(), input: [net().input[0], { sensor: ids['solar'], name: 'constructor' }] };
    const shown = await report('AggregatorReporter', {}, named, '--dry-run');
    expect(shown.stdout).toContain('22 of 23 values are known.');
  });

  it('turns power into the energy of a day with 23 hours, and can leave it unstored', async () => {
    const parameters = {
      input: [{ sensor: ids['load'], sources: [901] }],
      output: [{ sensor: ids['energy'] }],
    };
    writeFileSync(join(folder, 'parameters.json'), JSON.stringify(parameters));
    const energy = (...rest: string[]) =>
      run(
        ...['add', 'report', '--reporter', 'AggregatorReporter', '--parameters', 'parameters.json'],
        ...['--start', DAY.start, '--end', DAY.end, '--output-file', 'energy.csv', ...rest],
      );
    expect((await energy('--dry-run')).stdout).toContain('Nothing is stored.');
    expect(await valuesOf('energy')).toEqual([]);
    expect((await energy()).code).toBe(0);
    expect(await valuesOf('energy')).toMatchObject([{ value: expect.closeTo(23 * 8, 9) as number }]);
    expect(readFileSync(join(folder, 'energy.csv'), 'utf8')).toMatch(
      /^event_start,"energy"\n2026-03-29T00:00:00\+01:00,184\n$/,
    );
  });

  it('takes the mean, the minimum and the maximum', async () => {
    const hour = { ...net(), start: '2026-03-29T10:00Z', end: '2026-03-29T11:00Z' };
    for (const [method, kw] of [
      ['mean', 5],
      ['min', 2],
      ['max', 8],
    ] as const) {
      const { stdout } = await report(
        'AggregatorReporter',
        { method },
        hour,
        '--dry-run',
        '--output-file',
        'net.csv',
      );
      expect(stdout).toContain('1 of 1 values are known.');
      expect(readFileSync(join(folder, 'net.csv'), 'utf8').split(',').at(-1)).toBe(`${kw / 1000}\n`);
    }
  });

  it('reads only what was known at the belief time', async () => {
    const early = await report(
      'AggregatorReporter',
      {},
      { ...net(), belief_time: '2026-03-29T08:00Z' },
      '--dry-run',
    );
    expect(early.stdout).toContain('9 of 23 values are known.');
  });

  it.each([
    ['NoReporter', {}, {}, 'No plugin offers a class NoReporter with a method computeReport.'],
    [
      'AggregatorReporter',
      { method: 'median' },
      {},
      'AggregatorReporter: config.method: one of sum, mean, min, max',
    ],
    ['AggregatorReporter', { weights: { rain: 1 } }, {}, 'config.weights.rain: there is no such input.'],
    ['AggregatorReporter', { weights: null }, {}, 'config.weights: an object such as'],
    ['AggregatorReporter', {}, { input: [{ sensor: 3 }] }, 'AggregatorReporter: '],
    ['AggregatorReporter', {}, { input: [{ sensor: 999 }] }, 'There is no sensor with id 999.'],
    [
      'AggregatorReporter',
      {},
      { input: [{ sensor: '1' }] },
      'input[0].sensor: the id of a sensor is expected.',
    ],
    ['AggregatorReporter', {}, { output: [] }, 'output: a list such as'],
    ['AggregatorReporter', {}, { start: 'today' }, 'start: "today" is no datetime with time zone.'],
    ['AggregatorReporter', {}, { end: DAY.start }, 'end: must be later than the start.'],
    [
      'AggregatorReporter',
      {},
      { start: '2026-03-29T00:10Z' },
      'start and end must be on the steps of the output',
    ],
  ])(
    '%s with config %j and parameters %j ends with a sentence',
    async (reporter, config, changes, message) => {
      const { code, stderr } = await report(reporter, config, { ...net(), ...changes });
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    },
  );
});
