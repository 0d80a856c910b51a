import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Bull from 'bull';
import { Client } from 'pg';
import { SCHEDULING_QUEUE, STORAGE_SCHEDULE_JOB } from '#lib/queues/model';
import { flexmeasures } from '../harness/cli';
import { createTestDatabase, type TestDatabase } from '../harness/database';
import { until } from '../harness/processes';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/redis';

jest.setTimeout(60_000);

describeWithRedis('the worker', () => {
  let database: TestDatabase;
  let redis: RedisServer;
  let worker: ChildProcess;
  let queue: Bull.Queue;
  let folder: string;

  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-worker-'));
    const hours = Array.from(
      { length: 24 },
      (_, hour) => `2026-03-04T${String(hour).padStart(2, '0')}:00Z,${hour % 7}`,
    );
    writeFileSync(join(folder, 'prices.csv'), `Hour,Price\n${hours.join('\n')}\n`);
    const options = { databaseUri: database.uri, cwd: folder };
    await flexmeasures(['add', 'toy-account'], options);
    await flexmeasures(['add', 'beliefs', '--sensor-id', '3', '--source', 'toy-user', 'prices.csv'], options);
    worker = spawn(
      process.execPath,
      [join(__dirname, '..', '..', 'dist', 'apps', 'scheduler', 'src', 'main.js')],
      {
        env: {
          ...process.env,
          SQLALCHEMY_DATABASE_URI: database.uri,
          FLEXMEASURES_REDIS_URL: '127.0.0.1',
          FLEXMEASURES_REDIS_PORT: String(redis.port),
        },
      },
    );
    await until(worker, /takes jobs from queue scheduling/);
    queue = new Bull(SCHEDULING_QUEUE, { redis: { host: '127.0.0.1', port: redis.port } });
  });

  afterAll(async () => {
    await queue.close();
    worker.kill();
    await once(worker, 'exit');
    await redis.stop();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const job = {
    sensorId: 2,
    start: '2026-03-04T07:00:00+01:00',
    duration: 'PT12H',
    flexModel: { socAtStart: '50%', roundtripEfficiency: '90%' },
    flexContext: { consumptionPriceSensorId: 3 },
  };

  it('computes a schedule and stores it', async () => {
    const result: unknown = await (await queue.add(STORAGE_SCHEDULE_JOB, job)).finished();
    expect(result).toMatchObject({ steps: 48, currency: 'EUR' });
    const client = new Client(database.uri);
    await client.connect();
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) FROM timed_belief WHERE sensor_id = 2',
    );
    await client.end();
    expect(rows[0]?.count).toBe('48');
  });

  it.each([
    [{ ...job, sensorId: 99 }, 'There is no sensor with id 99.'],
    [{ ...job, start: '2026-03-04T07:00:00' }, /time ?zone/],
    [{ ...job, flexModel: { ...job.flexModel, socMin: 'low' } }, /^soc-min: /],
    [{ ...job, flexContext: undefined }, "The job's flexContext is not an object."],
  ])('fails a job that cannot be done with the reason', async (payload, reason) => {
    const added = await queue.add(STORAGE_SCHEDULE_JOB, payload);
    await expect(added.finished()).rejects.toThrow(reason);
  });
});
