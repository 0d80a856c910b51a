import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgres, Migrator } from '#lib/database';
import { startApi, type ApiServer } from '../harness/api';
import { flexmeasures } from '../harness/cli';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/redis';
import { redisSettings, startWorker, type Worker } from '../harness/worker';

jest.setTimeout(180_000);

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-01-01T00:00Z');
const DAYS = 90;

interface JobRow {
  id: string;
  state: string;
  attempts: number;
  worker: string;
  failure_reason: string | null;
}

/** Servers, workers, Redis and a database that are killed and restarted while there are schedules to make. */
describeWithRedis('a fault', () => {
  let home: string;
  let postgres: EmbeddedPostgres;
  let uri: string;
  let redis: RedisServer;
  let ended: (() => Promise<void>)[] = [];
  let nextDay = 0;
  /** Minutely, so that a week of it takes long; and quarter-hourly. */
  const MINUTELY = 4;
  const QUARTERLY = 2;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'flexmeasures-faults-'));
    postgres = new EmbeddedPostgres(home);
    [uri, redis] = await Promise.all([postgres.ensureRunning(), startRedis()]);
    await new Migrator(uri).upgrade();
    const hours = Array.from({ length: DAYS * 24 }, (_, hour) => {
      const time = new Date(START_MS + hour * 3_600_000).toISOString();
      return `${time},${50 + 40 * Math.sin(hour / 4) + (hour % 7)}`;
    });
    writeFileSync(join(home, 'prices.csv'), `Hour,Price\n${hours.join('\n')}\n`);
    await command('add toy-account');
    await command('add beliefs --sensor-id 3 --source toy-user prices.csv');
    await command('add sensor --name minutely --event-resolution 1 --unit MW --timezone UTC --asset-id 3');
  });

  afterAll(async () => {
    await redis.stop();
    postgres.stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });

  afterEach(async () => {
    await Promise.all(ended.map((end) => end()));
    ended = [];
    await query('DELETE FROM timed_belief WHERE sensor_id <> 3');
    await query('DELETE FROM job');
    nextDay = 0;
  });

  async function command(line: string): Promise<void> {
    const { code, stderr } = await flexmeasures(line.split(' '), { databaseUri: uri, cwd: home });
    if (code !== 0) throw new Error(`${line}: ${stderr}`);
  }

  async function query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new Client(uri);
    await client.connect();
    try {
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  const aServer = async (env: NodeJS.ProcessEnv): Promise<ApiServer> => {
    const api = await startApi(uri, env);
    ended.push(api.stop);
    return api;
  };

  const aWorker = async (name: string): Promise<Worker> => {
    const worker = await startWorker(uri, redis.port, name);
    ended.push(worker.stop);
    return worker;
  };

  /** Asks for schedules of so many periods, none of which overlap. */
  async function trigger(api: ApiServer, count: number, sensor = QUARTERLY, days = 1): Promise<string[]> {
    const token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
    const ids: string[] = [];
    for (let i = 0; i < count; i++) {
      const start = new Date(START_MS + nextDay * DAY_MS).toISOString();
      nextDay += days;
      const { status, body } = await api.request('POST', `/api/v3_0/sensors/${sensor}/schedules/trigger`, {
        token,
        json: {
          start,
          duration: `P${days}D`,
          'flex-model': { 'soc-at-start': '50%', 'roundtrip-efficiency': '90%' },
          'flex-context': { 'consumption-price-sensor': 3 },
        },
      });
      expect(status).toBe(200);
      ids.push((body as { schedule: string }).schedule);
    }
    return ids;
  }

  const jobs = (): Promise<JobRow[]> => query('SELECT * FROM job ORDER BY created_at');

  async function untilJobs(condition: (jobs: JobRow[]) => boolean, withinMs = 90_000): Promise<JobRow[]> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const rows = await jobs().catch(() => []);
      if (rows.length > 0 && condition(rows)) return rows;
      if (Date.now() > deadline) throw new Error(`Not in time: ${JSON.stringify(rows)}`);
      await sleep(20);
    }
  }

  const untilAllEnded = (): Promise<JobRow[]> =>
    untilJobs((rows) => rows.every(({ state }) => state === 'finished' || state === 'failed'));

  /** Every schedule is there, whole, and once: the periods do not overlap. */
  async function expectAllSaved(ids: string[], sensor: number, stepsEach: number): Promise<void> {
    const rows = await untilAllEnded();
    expect(rows.map(({ state, failure_reason }) => [state, failure_reason])).toEqual(
      ids.map(() => ['finished', null]),
    );
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const [saved] = await query<{ all: number; events: number }>(
      `SELECT count(*)::int AS all, count(DISTINCT event_start)::int AS events FROM timed_belief WHERE sensor_id = $1`,
      [sensor],
    );
    expect(saved).toEqual({ all: ids.length * stepsEach, events: ids.length * stepsEach });
  }

  describe('with Redis', () => {
    let api: ApiServer;
    beforeEach(async () => {
      api = await aServer(redisSettings(redis.port));
    });

    it('of a worker, killed in mid-solve: another one does the job', async () => {
      const first = await aWorker('first');
      const ids = await trigger(api, 6, MINUTELY, 7);
      await untilJobs((rows) => rows.some(({ state }) => state === 'started'));
      await first.kill();
      const cut = (await jobs()).filter(({ state }) => state === 'started').map(({ id }) => id);
      expect(cut.length).toBeGreaterThan(0);
      await aWorker('second');
      await expectAllSaved(ids, MINUTELY, 7 * 1440);
      for (const { id, attempts, worker } of await jobs()) {
        if (cut.includes(id)) expect({ attempts, worker }).toEqual({ attempts: 2, worker: 'second' });
      }
    });

    it('of Redis, restarted with nothing in its memory: all jobs are done', async () => {
      const before = await trigger(api, 10);
      await redis.stop();
      const meanwhile = await trigger(api, 1);
      redis = await startRedis(redis.port);
      await aWorker('any');
      await expectAllSaved([...before, ...meanwhile], QUARTERLY, 96);
    });

    it('of Redis while workers work: all jobs are done', async () => {
      await aWorker('any');
      const first = await trigger(api, 10);
      await redis.stop();
      await sleep(1000);
      redis = await startRedis(redis.port);
      const second = await trigger(api, 3);
      await expectAllSaved([...first, ...second], QUARTERLY, 96);
    });

    it('of the database, restarted while workers work: all jobs are done', async () => {
      await aWorker('any');
      const ids = await trigger(api, 6, MINUTELY, 7);
      await untilJobs((rows) => rows.some(({ state }) => state === 'started'));
      await crashDatabase();
      await expectAllSaved(ids, MINUTELY, 7 * 1440);
      expect((await api.request('GET', '/api/v3_0/health/ready')).status).toBe(200);
    });

    it('is not that two workers race: each job is done once', async () => {
      await Promise.all([aWorker('first'), aWorker('second')]);
      const ids = await trigger(api, 30);
      await expectAllSaved(ids, QUARTERLY, 96);
      expect((await jobs()).every(({ attempts }) => attempts === 1)).toBe(true);
    });
  });

  describe('without Redis', () => {
    it('of the server, killed in mid-solve: the next one does the job', async () => {
      const first = await aServer({});
      const ids = await trigger(first, 4, MINUTELY, 7);
      await untilJobs((rows) => rows.some(({ state }) => state === 'started'));
      await first.kill();
      await aServer({});
      await expectAllSaved(ids, MINUTELY, 7 * 1440);
    });

    it('of the database, restarted: the server does all jobs', async () => {
      const api = await aServer({});
      const ids = await trigger(api, 4, MINUTELY, 7);
      await untilJobs((rows) => rows.some(({ state }) => state === 'started'));
      await crashDatabase();
      await expectAllSaved(ids, MINUTELY, 7 * 1440);
    });

    it('is not that two servers share a database: each job is done once', async () => {
      const [api] = await Promise.all([aServer({}), aServer({})]);
      const ids = await trigger(api, 20);
      await expectAllSaved(ids, QUARTERLY, 96);
      expect((await jobs()).every(({ attempts }) => attempts === 1)).toBe(true);
    });
  });

  /** Kills a server process of PostgreSQL: it drops all connections, recovers, and starts anew. */
  async function crashDatabase(): Promise<void> {
    const client = new Client(uri);
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(rows[0]!.pid, 'SIGKILL');
    await client.end().catch(() => undefined);
  }
});
