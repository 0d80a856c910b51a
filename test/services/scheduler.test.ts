import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Bull from 'bull';
import { Client } from 'pg';
import { FORECASTING_QUEUE, SCHEDULING_QUEUE } from '#lib/queues/model';
import { SCHEDULE_JOB } from '#lib/scheduling';
import { POLL_MS } from '../harness/eventually';
import { startApiHere } from '../harness/servers/api';
import { flexmeasures } from '../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import { waitForOutput } from '../harness/servers/processes';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { TOY_ACCOUNT } from '../harness/databases/templates';
import { redisSettings, WITHOUT_FORECASTS } from '../harness/servers/worker';

const COMMAND = join(__dirname, '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');

describeWithRedis('The scheduler worker', () => {
  let database: TestDatabase;
  let redis: RedisServer;
  let worker: ChildProcess;
  let queue: Bull.Queue;
  let folder: string;
  let output = '';

  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase({ template: TOY_ACCOUNT }), startRedis()]);
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-worker-'));
    const hours = Array.from(
      { length: 24 },
      (_, hour) => `2026-03-04T${String(hour).padStart(2, '0')}:00Z,${hour % 7}`,
    );
    writeFileSync(join(folder, 'prices.csv'), `Hour,Price\n${hours.join('\n')}\n`);
    const options = { databaseUri: database.uri, cwd: folder };
    await flexmeasures(['add', 'beliefs', '--sensor-id', '3', '--source', 'toy-user', 'prices.csv'], options);
    worker = spawn(
      process.execPath,
      [COMMAND, 'jobs', 'run-worker', '--queue', 'scheduling', '--name', 'our-only-worker'],
      {
        env: {
          ...process.env,
          ...WITHOUT_FORECASTS,
          ...redisSettings(redis.port),
          SQLALCHEMY_DATABASE_URI: database.uri,
        },
      },
    );
    worker.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitForOutput(worker, /takes jobs from queue scheduling/);
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
    start: '2026-03-04T07:00:00+01:00',
    duration: 'PT12H',
    flexModel: [{ sensor: 2, 'soc-at-start': '50%', 'roundtrip-efficiency': '90%' }],
    flexContext: { 'consumption-price-sensor': 3 },
  };

  it('computes a schedule and stores it', async () => {
    const result: unknown = await (await queue.add(SCHEDULE_JOB, job)).finished();
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
    [{ ...job, flexModel: [{ sensor: 99 }] }, 'No sensor found with id 99.'],
    [{ ...job, start: '2026-03-04T07:00:00' }, /time ?zone/],
    [{ ...job, flexModel: [{ ...job.flexModel[0], 'soc-min': 'low' }] }, /^soc-min: /],
    [{ ...job, flexContext: undefined }, 'The field flexContext of the job must be an object.'],
  ])('fails a job that cannot be done with the reason', async (payload, reason) => {
    const added = await queue.add(SCHEDULE_JOB, payload);
    await expect(added.finished()).rejects.toThrow(reason);
  });

  async function waitForJob(
    id: string,
  ): Promise<{ state: string; worker: string; failure_reason: string | null }> {
    const client = new Client(database.uri);
    await client.connect();
    try {
      for (;;) {
        const { rows } = await client.query<{ state: string; worker: string; failure_reason: string | null }>(
          'SELECT state, worker, failure_reason FROM job WHERE id = $1',
          [id],
        );
        if (rows[0] && ['finished', 'failed'].includes(rows[0].state)) return rows[0];
        await sleep(POLL_MS);
      }
    } finally {
      await client.end();
    }
  }

  it('runs a job that the server triggers, and the same request only once', async () => {
    const api = await startApiHere(database.uri, { ...WITHOUT_FORECASTS, ...redisSettings(redis.port) });
    try {
      const token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
      const trigger = async (extra: object = {}): Promise<string> => {
        const json = {
          start: job.start,
          duration: job.duration,
          'flex-model': { 'soc-at-start': '40%', 'roundtrip-efficiency': 0.9 },
          'flex-context': { 'consumption-price-sensor': 3 },
          ...extra,
        };
        const path = '/api/v3_0/sensors/2/schedules/trigger';
        const { status, body } = await api.request('POST', path, { token, json });
        expect(status).toBe(200);
        return (body as { schedule: string }).schedule;
      };
      const id = await trigger();
      expect(await trigger()).toBe(id);
      expect(await waitForJob(id)).toMatchObject({ state: 'finished', worker: 'our-only-worker' });
      expect(output).toMatch(
        new RegExp(
          `^Running Scheduling Job ${id}: <Sensor 2: \\w+, unit: MW res.: 0:15:00>, ` +
            'from 2026-03-04 07:00:00\\+01:00 to 2026-03-04 19:00:00\\+01:00$',
          'm',
        ),
      );
      expect(await trigger()).toBe(id);
      const anew = await trigger({ force_new_job_creation: true });
      expect(anew).not.toBe(id);
      await waitForJob(anew);
      for (const uuid of [id, anew]) {
        const { status, body } = await api.request(
          'GET',
          `/api/v3_0/sensors/2/schedules/${uuid}?duration=PT12H`,
          {
            token,
          },
        );
        expect(status).toBe(200);
        expect((body as { values: number[] }).values).toHaveLength(48);
      }
    } finally {
      await api.stop();
    }
  });

  it('runs a job that was queued on the command line', async () => {
    const options = { databaseUri: database.uri, cwd: folder, env: redisSettings(redis.port) };
    const line =
      'add schedule for-storage --as-job --sensor-id 2 --consumption-price-sensor 3 --start 2026-03-04T07:00+01:00 ' +
      '--duration PT12H --soc-at-start 30% --roundtrip-efficiency 90%';
    const { code, stdout, stderr } = await flexmeasures(line.split(' '), options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const id = /^New scheduling job (\S+) has been added to the queue\.\n$/.exec(stdout)?.[1] ?? '';
    expect(await waitForJob(id)).toMatchObject({ state: 'finished', failure_reason: null });
    const shown = await flexmeasures(['jobs', 'show-queues'], options);
    expect(shown.stdout).toMatch(/^scheduling +0 +0 +\d+ +\d+$/m);
  });

  it('clears a queue, also in Redis', async () => {
    const queued = new Bull(FORECASTING_QUEUE, { redis: { host: '127.0.0.1', port: redis.port } });
    await queued.add('any', {});
    const options = { databaseUri: database.uri, cwd: folder, env: redisSettings(redis.port) };
    const { stdout } = await flexmeasures(['jobs', 'clear-queue', '--queue', 'forecasting'], options);
    expect(stdout).toBe('Removed 0 jobs from queue forecasting.\n');
    expect(await queued.count()).toBe(0);
    await queued.add('any', {});
    await (await queued.getNextJob())!.moveToFailed({ message: 'It broke.' });
    expect(await queued.getFailedCount()).toBe(1);
    await flexmeasures(['jobs', 'clear-queue', '--queue', 'forecasting', '--failed'], options);
    expect(await queued.getFailedCount()).toBe(0);
    await queued.close();
  });
});
