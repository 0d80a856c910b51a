import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { DEMO_BUILDING } from '../../harness/databases/templates';
import { flexmeasures } from '../../harness/servers/cli';

/** Largest difference of sums of values that are rounded to six decimals. */
const TOLERANCE = 1e-5;

describe('flexmeasures add toy-account --kind building', () => {
  let database: TestDatabase;
  let sql: Client;

  beforeAll(async () => {
    database = await createTestDatabase({ template: DEMO_BUILDING });
    sql = new Client(database.uri);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  const rows = async <Row>(text: string): Promise<Row[]> => (await sql.query(text)).rows as Row[];
  /** Values by event start, of the sources with a type. */
  const series = async (sensor: string, type: string): Promise<Map<number, number>> => {
    const found = await rows<{ start: Date; value: number }>(
      `SELECT b.event_start AS start, b.event_value AS value FROM timed_belief b
       JOIN sensor s ON s.id = b.sensor_id JOIN data_source d ON d.id = b.source_id
       WHERE s.name = '${sensor}' AND d.type = '${type}' AND b.cumulative_probability = 0.5 ORDER BY 1`,
    );
    return new Map(found.map(({ start, value }) => [start.getTime(), value]));
  };

  it('measured two weeks in which the power of the site is the sum of its parts', async () => {
    const read = (name: string) => series(name, 'demo script');
    const grid = await read('grid power');
    const consumption = await read('household consumption');
    const solar = await read('solar power');
    const battery = await read('battery power');
    const car = await read('charging power');
    expect(grid.size).toBe(14 * 96);
    for (const [start, value] of grid) {
      const sum = consumption.get(start)! + battery.get(start)! + car.get(start)! - solar.get(start)!;
      expect(Math.abs(value - sum)).toBeLessThan(TOLERANCE);
    }
    expect(Math.max(...grid.keys())).toBeLessThan(Date.now());
  });

  it('keeps the battery within its bounds and the car ready to leave', async () => {
    const battery = [...(await series('battery state of charge', 'demo script')).values()];
    expect(Math.min(...battery)).toBeGreaterThanOrEqual(1 - TOLERANCE);
    expect(Math.max(...battery)).toBeLessThanOrEqual(10 + TOLERANCE);
    expect(Math.max(...battery) - Math.min(...battery)).toBeGreaterThan(5);
    const car = await series('car state of charge', 'demo script');
    const departures = [...(await series('energy needed', 'demo script'))].filter(([start]) =>
      car.has(start),
    );
    expect(departures.length).toBeGreaterThanOrEqual(10);
    // The first departure may be too soon after the start of the demo.
    for (const [start, needed] of departures.slice(1))
      expect(car.get(start)).toBeGreaterThanOrEqual(needed - TOLERANCE);
  });

  it('has forecasts and schedules of each quarter of the days, as they were made at their time', async () => {
    const made = await rows<{ name: string; type: string; times: number; reach: number }>(
      `SELECT s.name, d.type, count(DISTINCT b.event_start + s.event_resolution - b.belief_horizon * interval '1 ms')::integer AS times,
         (max(b.belief_horizon) / 1000)::integer AS reach
       FROM timed_belief b JOIN sensor s ON s.id = b.sensor_id JOIN data_source d ON d.id = b.source_id
       WHERE d.type <> 'demo script' GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    const of = (name: string, type: string) => made.find((one) => one.name === name && one.type === type);
    for (const name of ['household consumption', 'solar power'])
      expect(of(name, 'forecasting script')).toMatchObject({ times: 57, reach: 36 * 3600 });
    for (const name of ['battery power', 'charging power', 'grid power'])
      expect(of(name, 'scheduling script')).toMatchObject({ times: 56, reach: 24 * 3600 });
  });

  it('queues the schedule from now on, for the server to make', async () => {
    const jobs = await rows(`SELECT queue, kind, state FROM job WHERE kind = 'schedule'`);
    expect(jobs).toEqual([{ queue: 'scheduling', kind: 'schedule', state: 'queued' }]);
  });

  it('leaves an existing building as it is', async () => {
    const args = ['add', 'toy-account', '--kind', 'building'];
    const before = await rows('SELECT count(*) FROM timed_belief');
    const { code, stdout } = await flexmeasures(args, { databaseUri: database.uri });
    expect(code).toBe(0);
    expect(stdout).toContain('demo-building (ID: 1) exists already and is left as it is.');
    expect(await rows('SELECT count(*) FROM timed_belief')).toEqual(before);
  });
});
