import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgres, Migrator } from '#lib/database';
import { startApi, type ApiServer } from '../harness/servers/api';
import { flexmeasures } from '../harness/servers/cli';
import { waitUntilComputing } from '../harness/servers/computing';
import { isThorough, itThoroughly } from '../harness/effort';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { TcpProxy } from '../harness/servers/tcp-proxy';
import { redisSettings, startWorker, WITHOUT_FORECASTS, type Worker } from '../harness/servers/worker';

jest.setTimeout(400_000);

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-01-01T00:00Z');
const DAYS = 90;
/** Length in days of schedules that take long to solve. */
const SLOW_DAYS = 3;
/** Number of slow schedules to request at the same time. */
const SLOW_JOBS = isThorough ? 4 : 2;

interface JobRow {
  id: string;
  state: string;
  attempts: number;
  worker: string;
  failure_reason: string | null;
}

/** Kills and restarts servers, workers, Redis and the database while there are schedules to compute. */
describeWithRedis('a fault', () => {
  let home: string;
  let postgres: EmbeddedPostgres;
  /** URIs of the database: for this test, and for servers and workers, whose connections can be cut. */
  let uri: string;
  let proxy: TcpProxy;
  let proxiedUri: string;
  let redis: RedisServer;
  let ended: (() => Promise<void>)[] = [];
  let nextDay = 0;
  /** Days of the minutely sensor, with positive and negative prices, take seconds to solve; a day of the other, ms. */
  const MINUTELY = 4;
  const QUARTERLY = 2;
  const [PRICES, PRODUCTION_PRICES, LOAD] = [3, 5, 6];
  /** With steps of 12 s, six days take several times as long as the time limit of the test that uses it. */
  const FINE = 7;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'flexmeasures-faults-'));
    postgres = new EmbeddedPostgres(home);
    [uri, redis] = await Promise.all([postgres.ensureRunning(), startRedis()]);
    await new Migrator(uri).upgrade();
    proxy = new TcpProxy(serverOf(uri));
    proxiedUri = withPort(uri, await proxy.open());
    await command('add toy-account');
    const sensor = 'add sensor --timezone UTC --asset-id 3 --name';
    await command(`${sensor} minutely --event-resolution 1 --unit MW`);
    await command(`${sensor} production-prices --event-resolution 60 --unit EUR/MWh`);
    await command(`${sensor} load --event-resolution 60 --unit MW`);
    await command(`${sensor} fine --event-resolution PT12S --unit MW`);
    const price = (hour: number) => 10 + 60 * Math.sin(hour / 4) + (hour % 7);
    await addHourly(PRICES, price);
    await addHourly(PRODUCTION_PRICES, (hour) => price(hour) - 10);
    await addHourly(LOAD, (hour) => 0.1 + 0.1 * Math.sin(hour / 2.25));
  });

  afterAll(async () => {
    await connection?.end().catch(() => undefined);
    await redis.stop();
    await proxy.cut();
    postgres.stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });

  afterEach(async () => {
    await Promise.all(ended.map((end) => end()));
    ended = [];
    await deleteSchedules();
  });

  async function command(line: string): Promise<void> {
    const { code, stderr } = await flexmeasures(line.split(' '), { databaseUri: uri, cwd: home });
    if (code !== 0) throw new Error(`${line}: ${stderr}`);
  }

  async function addHourly(sensor: number, value: (hour: number) => number): Promise<void> {
    const hours = Array.from({ length: DAYS * 24 }, (_, hour) => {
      return `${new Date(START_MS + hour * 3_600_000).toISOString()},${value(hour)}`;
    });
    writeFileSync(join(home, 'hours.csv'), `Hour,Value\n${hours.join('\n')}\n`);
    await command(`add beliefs --sensor-id ${sensor} --source toy-user hours.csv`);
  }

  /** The connection of the test, which the faults interrupt, too. */
  let connection: Client | undefined;

  async function query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    connection ??= await connect();
    try {
      return (await connection.query<Row>(sql, parameters)).rows;
    } catch (error) {
      await connection.end().catch(() => undefined);
      connection = undefined;
      throw error;
    }
  }

  async function connect(): Promise<Client> {
    const client = new Client(uri);
    client.on('error', () => (connection = undefined));
    await client.connect();
    return client;
  }

  const aServer = async (env: NodeJS.ProcessEnv): Promise<ApiServer> => {
    const api = await startApi(proxiedUri, { ...WITHOUT_FORECASTS, ...env });
    ended.push(api.stop);
    return api;
  };

  const aWorker = async (name: string, env: NodeJS.ProcessEnv = {}): Promise<Worker> => {
    const worker = await startWorker(proxiedUri, redis.port, name, { ...WITHOUT_FORECASTS, ...env });
    ended.push(worker.stop);
    return worker;
  };

  /** Requests schedules of periods that do not overlap. */
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
          'flex-context': {
            'consumption-price-sensor': PRICES,
            ...(sensor !== QUARTERLY && {
              'production-price-sensor': PRODUCTION_PRICES,
              'inflexible-device-sensors': [LOAD],
            }),
          },
        },
      });
      expect(status).toBe(200);
      ids.push((body as { schedule: string }).schedule);
    }
    return ids;
  }

  const jobs = (): Promise<JobRow[]> => query('SELECT * FROM job ORDER BY created_at');

  async function waitForJobs(condition: (jobs: JobRow[]) => boolean, withinMs = 240_000): Promise<JobRow[]> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const rows = await jobs().catch(() => []);
      if (rows.length > 0 && condition(rows)) return rows;
      if (Date.now() > deadline) throw new Error(`Not in time: ${JSON.stringify(rows)}`);
      await sleep(50);
    }
  }

  /** Requests slow schedules, and waits until one of them is being solved and is not stored yet. */
  async function triggerSlow(api: ApiServer, solving: { pid: number }, count: number): Promise<string[]> {
    for (let tries = 1; tries <= 5; tries++) {
      const ids = await trigger(api, count, MINUTELY, SLOW_DAYS);
      const isOneFinished = async () => (await jobs()).some(({ state }) => state === 'finished');
      await waitUntilComputing(solving.pid, isOneFinished);
      const rows = await jobs();
      const saved = await query('SELECT FROM timed_belief WHERE sensor_id = $1 LIMIT 1', [MINUTELY]);
      if (rows.every(({ state }) => state !== 'finished') && saved.length === 0) {
        expect(rows.some(({ state }) => state === 'started')).toBe(true);
        return ids;
      }
      // On a busy machine, this test may look only after the first schedule is stored.
      await waitForAllJobs();
      await deleteSchedules();
    }
    throw new Error('The schedules are always solved before the test sees it.');
  }

  async function deleteSchedules(): Promise<void> {
    await query('DELETE FROM timed_belief WHERE sensor_id = ANY($1)', [[MINUTELY, QUARTERLY]]);
    await query('DELETE FROM job');
    nextDay = 0;
  }

  const waitForAllJobs = (): Promise<JobRow[]> =>
    waitForJobs((rows) => rows.every(({ state }) => state === 'finished' || state === 'failed'));

  /** Expects that every schedule is stored completely and once; the periods do not overlap. */
  async function expectAllSaved(ids: string[], sensor: number, stepsEach: number): Promise<void> {
    const rows = await waitForAllJobs();
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
    beforeAll(async () => {
      api = await startApi(proxiedUri, { ...WITHOUT_FORECASTS, ...redisSettings(redis.port) });
    });
    afterAll(() => api.stop());

    it('of a worker that is killed while it solves: another worker does the job', async () => {
      const first = await aWorker('first');
      const ids = await triggerSlow(api, first, SLOW_JOBS + 1);
      await first.kill();
      const cut = (await jobs()).filter(({ state }) => state === 'started').map(({ id }) => id);
      expect(cut.length).toBeGreaterThan(0);
      await aWorker('second');
      await expectAllSaved(ids, MINUTELY, SLOW_DAYS * 1440);
      for (const { id, attempts, worker } of await jobs()) {
        expect({ attempts, worker }).toEqual({ attempts: cut.includes(id) ? 2 : 1, worker: 'second' });
      }
    });

    it('of a worker that is suspended while it solves: another worker does the job, and the first result is discarded', async () => {
      const first = await aWorker('first');
      const ids = await triggerSlow(api, first, 1);
      first.freeze();
      await aWorker('second');
      await expectAllSaved(ids, MINUTELY, SLOW_DAYS * 1440);
      const saved = await query('SELECT * FROM timed_belief WHERE sensor_id = $1 ORDER BY event_start', [
        MINUTELY,
      ]);
      first.thaw();
      await waitForLog(first, /attempt 1: the outcome is discarded/);
      expect(await jobs()).toMatchObject([{ state: 'finished', attempts: 2, worker: 'second' }]);
      expect(
        await query('SELECT * FROM timed_belief WHERE sensor_id = $1 ORDER BY event_start', [MINUTELY]),
      ).toEqual(saved);
    });

    it('of a solver that does not end: only its job fails, with the reason', async () => {
      // On a busy machine, the quick schedules need a part of this time, too.
      await aWorker('any', { FLEXMEASURES_SOLVER_TIMEOUT: '3' });
      const [slow, ...quick] = [...(await trigger(api, 1, FINE, 6)), ...(await trigger(api, 5))];
      const rows = await waitForAllJobs();
      const reason = 'SOLVER_STUCK: The solver did not finish within 3 s and was stopped.';
      expect(
        rows.map(({ id, state, attempts, failure_reason }) => [id, state, attempts, failure_reason]),
      ).toEqual([[slow, 'failed', 1, reason], ...quick.map((id) => [id, 'finished', 1, null])]);
      const token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
      const { body } = await api.request('GET', `/api/v3_0/sensors/${FINE}/schedules/${slow}`, { token });
      expect(JSON.stringify(body)).toContain('The solver did not finish');
    });

    it('of Redis, restarted without data: all jobs are done', async () => {
      const before = await trigger(api, isThorough ? 10 : 5);
      await redis.stop();
      const meanwhile = await trigger(api, 1);
      redis = await startRedis(redis.port);
      await aWorker('any');
      await expectAllSaved([...before, ...meanwhile], QUARTERLY, 96);
    });

    itThoroughly('are recovered when Redis restarts while workers run: all jobs finish', async () => {
      const worker = await aWorker('any');
      const first = await triggerSlow(api, worker, SLOW_JOBS);
      await redis.stop();
      await sleep(1000);
      redis = await startRedis(redis.port);
      const second = await trigger(api, SLOW_JOBS / 2, MINUTELY, SLOW_DAYS);
      await expectAllSaved([...first, ...second], MINUTELY, SLOW_DAYS * 1440);
    });

    itThoroughly('are recovered when the database restarts while workers run: all jobs finish', async () => {
      const worker = await aWorker('any');
      const ids = await triggerSlow(api, worker, SLOW_JOBS);
      await restartDatabase();
      await expectAllSaved(ids, MINUTELY, SLOW_DAYS * 1440);
      expect((await api.request('GET', '/api/v3_0/health/ready')).status).toBe(200);
    });

    it('are recovered when the database crashes while workers run: all jobs finish', async () => {
      const worker = await aWorker('any');
      const ids = await triggerSlow(api, worker, 2);
      await crashDatabase();
      await expectAllSaved(ids, MINUTELY, SLOW_DAYS * 1440);
    });

    it('does not occur with two workers at the same time: each job is done once', async () => {
      await Promise.all([aWorker('first'), aWorker('second')]);
      const ids = await trigger(api, isThorough ? 30 : 16);
      await expectAllSaved(ids, QUARTERLY, 96);
      expect((await jobs()).every(({ attempts }) => attempts === 1)).toBe(true);
    });
  });

  describe('without Redis', () => {
    it('of the server, killed while it solves: the next server does the job', async () => {
      const first = await aServer({});
      const ids = await triggerSlow(first, first, SLOW_JOBS);
      await first.kill();
      expect((await jobs()).some(({ state }) => state === 'started')).toBe(true);
      await aServer({});
      await expectAllSaved(ids, MINUTELY, SLOW_DAYS * 1440);
    });

    itThoroughly('are recovered when the database restarts: the server runs all jobs', async () => {
      const api = await aServer({});
      const ids = await triggerSlow(api, api, SLOW_JOBS);
      await restartDatabase();
      await expectAllSaved(ids, MINUTELY, SLOW_DAYS * 1440);
    });

    itThoroughly('does not occur with two servers on one database: each job is done once', async () => {
      const [api] = await Promise.all([aServer({}), aServer({})]);
      const ids = await trigger(api, 20);
      await expectAllSaved(ids, QUARTERLY, 96);
      expect((await jobs()).every(({ attempts }) => attempts === 1)).toBe(true);
    });
  });

  async function waitForLog({ output }: Worker, pattern: RegExp): Promise<void> {
    const deadline = Date.now() + 240_000;
    while (!pattern.test(output())) {
      if (Date.now() > deadline) throw new Error(`Not in time: ${output()}`);
      await sleep(50);
    }
  }

  /** Stops PostgreSQL, which ends all its transactions, and starts it after a while. */
  async function restartDatabase(): Promise<void> {
    await proxy.cut();
    postgres.stop();
    await sleep(2000);
    uri = await postgres.ensureRunning();
    proxy.target = serverOf(uri);
    await proxy.open();
  }

  /** Kills a server process of PostgreSQL, which then closes all connections, recovers and restarts. */
  async function crashDatabase(): Promise<void> {
    const client = new Client(uri);
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(rows[0]!.pid, 'SIGKILL');
    await client.end().catch(() => undefined);
  }
});

function serverOf(uri: string): { host: string; port: number } {
  const { hostname, port } = new URL(uri);
  return { host: hostname, port: Number(port) };
}

function withPort(uri: string, port: number): string {
  const url = new URL(uri);
  url.port = String(port);
  return url.href;
}
