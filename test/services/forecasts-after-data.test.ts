import { Client } from 'pg';
import { startApi, type ApiServer } from '../harness/servers/api';
import { flexmeasures } from '../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import { eventually } from '../harness/eventually';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { redisSettings, startWorker, type Worker } from '../harness/servers/worker';

const HOUR_MS = 3_600_000;
/** 1, 6, 24 and 48 hours ahead. */
const JOBS = 4;

describeWithRedis('forecasts after new data, with workers on Redis', () => {
  let database: TestDatabase;
  let redis: RedisServer;
  let sql: Client;
  const workers: Worker[] = [];
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const iso = (ms: number): string => new Date(ms).toISOString();

  beforeEach(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    sql = new Client(database.uri);
    await sql.connect();
    await flexmeasures(['add', 'toy-account'], { databaseUri: database.uri });
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await sql.end();
    await redis.stop();
    await database.drop();
  });

  const aWorker = async (name: string): Promise<void> => {
    workers.push(await startWorker(database.uri, redis.port, name, {}, 'forecasting'));
  };
  const aServer = (): Promise<ApiServer> => startApi(database.uri, redisSettings(redis.port));

  let counter = 0;
  async function aSensor(): Promise<number> {
    const { rows } = await sql.query<{ id: number }>(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
       VALUES ($1, 'kW', interval '1 hour', 'Europe/Amsterdam', 3) RETURNING id`,
      [`load ${++counter}`],
    );
    return rows[0]!.id;
  }
  async function post(server: ApiServer, sensor: number): Promise<void> {
    const token = await server.logIn('toy-user@flexmeasures.io', 'toy-password');
    const hours = 24 * 10;
    const { status } = await server.request('POST', '/api/v3_0/sensors/data', {
      token,
      json: {
        ...{ sensor, start: iso(nowMs - hours * HOUR_MS), duration: `PT${hours}H`, unit: 'kW' },
        values: Array.from({ length: hours }, (_, i) => 5 + Math.sin((2 * Math.PI * i) / 24)),
      },
    });
    expect(status).toBe(200);
  }
  const finished = async (): Promise<{ sensor: number; state: string; worker: string | null }[]> => {
    const { rows } = await sql.query<{ sensor: number; state: string; worker: string | null }>(
      "SELECT (payload ->> 'sensorId')::int AS sensor, state, worker FROM job ORDER BY created_at",
    );
    return rows;
  };
  const waitForFinished = (count: number) =>
    eventually(
      finished,
      (jobs) => jobs.length >= count && jobs.every(({ state }) => state === 'finished'),
      120_000,
    );

  it('are made once, by one of several workers', async () => {
    await Promise.all([aWorker('one'), aWorker('two')]);
    const server = await aServer();
    try {
      const sensors = [await aSensor(), await aSensor(), await aSensor()];
      for (const sensor of sensors) await post(server, sensor);
      const jobs = await waitForFinished(JOBS * sensors.length);
      expect(jobs).toHaveLength(JOBS * sensors.length);
      for (const sensor of sensors) expect(jobs.filter((job) => job.sensor === sensor)).toHaveLength(JOBS);
      for (const { worker } of jobs) expect(['one', 'two']).toContain(worker);
    } finally {
      await server.stop();
    }
  });

  it('are made although the server died directly after the save', async () => {
    const sensor = await aSensor();
    const server = await aServer();
    await post(server, sensor);
    await server.kill();
    await aWorker('one');
    const jobs = await waitForFinished(JOBS);
    expect(jobs).toHaveLength(JOBS);
    const { rowCount } = await sql.query(
      `SELECT FROM timed_belief JOIN data_source ON data_source.id = source_id
       WHERE sensor_id = $1 AND type = 'forecasting script' AND event_start >= $2 LIMIT 1`,
      [sensor, iso(nowMs)],
    );
    expect(rowCount).toBe(1);
  });
});
