import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgres } from '#lib/database';
import { freePort } from '../free-port';
import { SMALL_HEAP } from '../small-heap';

/** A database with batteries and prices, and the processes that compute their schedules. */
export interface SchedulingService {
  /** Power sensors of batteries. */
  batteries: number[];
  query: <Row extends object>(sql: string, parameters?: unknown[]) => Promise<Row[]>;
  startServer: (mode: 'embedded' | 'redis') => Promise<Server>;
  startWorker: () => Promise<Process>;
  hasRedis: boolean;
  stop: () => Promise<void>;
}

export interface Process {
  pid: number;
  stop: () => Promise<void>;
}

export interface Server extends Process {
  /** Triggers a schedule of 48 h that starts some quarter-hours after the first price. @returns its id */
  trigger: (sensor: number, quarter: number, socAtStart?: number) => Promise<string>;
  /** Whether the schedule has finished. */
  isReady: (sensor: number, id: string) => Promise<boolean>;
  /** The answer of the API to a request with a body. @throws Error unless it is a success */
  post: (path: string, json: object) => Promise<Record<string, unknown>>;
}

const ROOT = join(__dirname, '..', '..', '..', '..');
const START_MS = Date.parse('2026-01-01T00:00Z');
const PRICE_SENSOR = 3;
const PRICE_DAYS = 40;
const BATTERIES = 20;

/** Sets up everything in a new folder, with Redis if it is installed. */
export async function startSchedulingService(): Promise<SchedulingService> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const postgres = new EmbeddedPostgres(home);
  const uri = await postgres.ensureRunning();
  const env = {
    // The embedded database of the home, which processes reach through its socket.
    SQLALCHEMY_DATABASE_URI: '',
    FLEXMEASURES_HOME: home,
    SECRET_KEY: 'bench',
    FLEXMEASURES_LOG_FILE: 'None',
    // One user asks for all schedules.
    FLEXMEASURES_MAX_OPEN_JOBS_PER_ACCOUNT: 'None',
    FLEXMEASURES_MAX_OPEN_JOBS_PER_USER: 'None',
  };
  const batteries = await addBatteries(home, uri, { ...process.env, ...env });
  const client = new Client(uri);
  await client.connect();
  const redis = await startRedis();
  const redisEnv = redis && {
    FLEXMEASURES_REDIS_URL: '127.0.0.1',
    FLEXMEASURES_REDIS_PORT: String(redis.port),
  };
  return {
    batteries,
    hasRedis: redis !== undefined,
    query: async <Row extends object>(sql: string, parameters: unknown[] = []) =>
      (await client.query<Row>(sql, parameters)).rows,
    startServer: (mode) => startServer({ ...env, ...(mode === 'redis' ? redisEnv : {}) }),
    startWorker: () => start('scheduler', { ...env, ...redisEnv }, /takes jobs/),
    stop: async () => {
      await client.end();
      await redis?.stop();
      postgres.stop();
      rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
      rmSync(home, { recursive: true });
    },
  };
}

/** @returns the power sensors */
async function addBatteries(home: string, uri: string, env: NodeJS.ProcessEnv): Promise<number[]> {
  const flexmeasures = (line: string): void => {
    const command = join(ROOT, 'apps', 'cli', 'bin', 'flexmeasures.js');
    const { status, stderr } = spawnSync(process.execPath, [command, ...line.split(' ')], {
      cwd: home,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`flexmeasures ${line}: ${stderr}`);
  };
  const hours = Array.from({ length: PRICE_DAYS * 24 }, (_, hour) => {
    const price =
      90 + 25 * Math.sin((hour / 24) * 2 * Math.PI - 2) + 20 * Math.sin((hour / 12) * 2 * Math.PI - 1.5);
    return `${new Date(START_MS + hour * 3_600_000).toISOString()},${Math.round((price + 10 * Math.sin(hour / 37)) * 100) / 100}`;
  });
  writeFileSync(join(home, 'prices.csv'), `Hour,Price\n${hours.join('\n')}\n`);
  flexmeasures('db upgrade');
  flexmeasures('add toy-account');
  flexmeasures(`add beliefs --sensor-id ${PRICE_SENSOR} --source toy-user prices.csv`);
  const client = new Client(uri);
  await client.connect();
  // Creates copies of the toy battery.
  const { rows } = await client.query<{ id: number }>(
    `WITH asset AS (
       INSERT INTO generic_asset (name, generic_asset_type_id, account_id, attributes)
       SELECT name || ' ' || copy, generic_asset_type_id, account_id, generic_asset.attributes
       FROM generic_asset, generate_series(1, $1) copy WHERE id = (SELECT generic_asset_id FROM sensor WHERE id = 2)
       RETURNING id
     )
     INSERT INTO sensor (name, unit, timezone, event_resolution, knowledge_horizon_fnc, knowledge_horizon_par, generic_asset_id, attributes)
     SELECT name, unit, timezone, event_resolution, knowledge_horizon_fnc, knowledge_horizon_par, asset.id, attributes
     FROM sensor, asset WHERE sensor.id = 2 RETURNING id`,
    [BATTERIES],
  );
  await client.end();
  return rows.map(({ id }) => id);
}

async function startServer(env: NodeJS.ProcessEnv): Promise<Server> {
  const port = await freePort();
  const server = await start('api', { ...env, PORT: String(port) }, /FlexMeasures is up/);
  const url = `http://127.0.0.1:${port}/api`;
  const request = (path: string, token: string, json?: object): Promise<Response> =>
    fetch(url + path, {
      method: json ? 'POST' : 'GET',
      headers: { 'Content-Type': 'application/json', Authorization: token },
      body: json && JSON.stringify(json),
    });
  const login = await request('/requestAuthToken', '', {
    email: 'toy-user@flexmeasures.io',
    password: 'toy-password',
  });
  const { auth_token: token } = (await login.json()) as { auth_token: string };
  const post = async (path: string, json: object): Promise<Record<string, unknown>> => {
    const answer = await request(`/v3_0${path}`, token, json);
    const body = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(JSON.stringify(body));
    return body;
  };
  return {
    ...server,
    post,
    trigger: async (sensor, quarter, socAtStart = 0.2) => {
      const start = new Date(START_MS + quarter * 900_000).toISOString();
      const body = await post(`/sensors/${sensor}/schedules/trigger`, {
        start,
        'flex-model': { 'soc-at-start': socAtStart, 'roundtrip-efficiency': 0.9 },
        'flex-context': { 'consumption-price-sensor': PRICE_SENSOR },
      });
      return body['schedule'] as string;
    },
    isReady: async (sensor, id) => {
      const answer = await request(`/v3_0/sensors/${sensor}/schedules/${id}?duration=PT48H`, token);
      const body = await answer.text();
      if (answer.status !== 200 && !body.includes('waiting') && !body.includes('in progress'))
        throw new Error(body);
      return answer.status === 200;
    },
  };
}

async function start(app: string, env: NodeJS.ProcessEnv, isUp: RegExp): Promise<Process> {
  const main = join(ROOT, 'dist', 'apps', app, 'src', 'main.js');
  const options = app === 'api' ? SMALL_HEAP : [];
  const child = spawn(process.execPath, [...options, main], { env: { ...process.env, ...env } });
  await until(child, isUp);
  return { pid: child.pid!, stop: () => end(child) };
}

async function startRedis(): Promise<{ port: number; stop: () => Promise<void> } | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1']);
  await until(child, /Ready to accept connections/);
  return { port, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, 'exit');
}

async function until(child: ChildProcess, pattern: RegExp): Promise<void> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!pattern.test(output)) {
    if (child.exitCode !== null) throw new Error(`The process ended: ${output}`);
    await sleep(20);
  }
}
