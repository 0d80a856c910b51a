import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgres } from '#lib/database';
import { DAY_MS, QUARTER_MS } from '../bench-app';
import { logIn, withBenchHome } from '../bench-server';
import { summarise, type Figure } from '../figures';
import { freePort } from '../free-port';
import { Load, type LoadRecord, type LoadTarget } from './load';
import {
  pgBouncerPart,
  postgresPart,
  proxyPart,
  redisPart,
  serverPart,
  workerPart,
  type Part,
} from './parts';

const SERVERS = 2;
const WORKERS = 3;
/** Load without a fault, and after each fault. */
const PHASE_MS = 10_000;
/** A supervisor, such as systemd, starts a program again after this time. */
const RESTART_AFTER_MS = 1000;
/** Days with prices. */
const DAYS = 1000;
const FIRST_DAY_MS = Date.parse('2026-01-01T00:00Z');
const STEPS_PER_DAY = DAY_MS / QUARTER_MS;
/** Jobs that nobody has taken after this time count as lost. */
const MAX_WAIT_MS = 60_000;

const [BATTERY, PRICES, METER] = [2, 3, 4];
const PRICES_FILE = 'prices.csv';
const COMMANDS = [
  ['add', 'toy-account'],
  [
    ...['add', 'sensor', '--name', 'meter', '--asset-id', '3', '--timezone', 'UTC'],
    ...['--unit', 'MW', '--event-resolution', '15'],
  ],
  ['add', 'beliefs', '--sensor-id', String(PRICES), '--source', 'toy-user', PRICES_FILE],
];

/** The time in which a part was killed and the stack recovered. */
interface Phase {
  name: string;
  fromMs: number;
  untilMs: number;
  /** From the kill until the part is ready again. */
  readyAfterMs: number;
}

/**
 * Servers and workers behind a proxy on one PostgreSQL and one Redis, under load. Each part is killed in turn and started
 * again.
 * @throws Error if something that was accepted is lost, or was done twice
 */
export const benchStack = (): Promise<Figure[]> => benchWith({ isPooled: false });

/** The same with pgbouncer between the database and the others, which is killed as well. */
export const benchPooledStack = (): Promise<Figure[]> => benchWith({ isPooled: true });

function benchWith({ isPooled }: { isPooled: boolean }): Promise<Figure[]> {
  for (const program of ['redis-server', ...(isPooled ? ['pgbouncer'] : [])])
    if (spawnSync(program, ['--version']).status !== 0) throw new Error(`${program} is not on the PATH.`);
  return withBenchHome(
    COMMANDS,
    async (home, env) => {
      const databaseUri = await new EmbeddedPostgres(home).ensureRunning();
      if (!isPooled) return withStack(home, { ...env, SQLALCHEMY_DATABASE_URI: databaseUri }, databaseUri);
      const pooled = new URL(databaseUri);
      pooled.port = String(await freePort());
      const pooler = pgBouncerPart(databaseUri, Number(pooled.port));
      const settings = { SQLALCHEMY_DATABASE_URI: pooled.href, FLEXMEASURES_PREPARED_STATEMENTS: 'False' };
      return withStack(home, { ...env, ...settings }, databaseUri, pooler);
    },
    writePrices,
  );
}

function writePrices(home: string): void {
  const hours = Array.from({ length: DAYS * 24 }, (_, hour) => {
    const price = 10 + 60 * Math.sin(hour / 4) + (hour % 7);
    return `${new Date(FIRST_DAY_MS + hour * 3_600_000).toISOString()},${price.toFixed(2)}`;
  });
  writeFileSync(join(home, PRICES_FILE), `Hour,Price\n${hours.join('\n')}\n`);
}

/** @param databaseUri of the database itself, also if `env` has that of a pooler */
async function withStack(
  home: string,
  env: NodeJS.ProcessEnv,
  databaseUri: string,
  pooler?: Part,
): Promise<Figure[]> {
  const [redisPort, proxyPort] = [await freePort(), await freePort()];
  const ports: number[] = [];
  for (let i = 0; i < SERVERS; i++) ports.push(await freePort());
  const settings = {
    ...env,
    FLEXMEASURES_REDIS_URL: '127.0.0.1',
    FLEXMEASURES_REDIS_PORT: String(redisPort),
    FLEXMEASURES_FORECAST_AFTER_DATA: 'False',
  };
  const proxy = proxyPart(proxyPort, ports);
  const servers = ports.map((port, i) => serverPart(`server ${i + 1}`, home, settings, port));
  const workers = Array.from({ length: WORKERS }, (_, i) => workerPart(`worker ${i + 1}`, home, settings));
  const below = [...(pooler ? [pooler] : []), redisPart(home, redisPort)];
  try {
    for (const part of [...below, proxy]) await part.start();
    await Promise.all([...servers, ...workers].map((part) => part.start()));
    const parts = [proxy, ...servers, ...workers, ...below, postgresPart(home)];
    return await measureFaults(databaseUri, `http://127.0.0.1:${proxyPort}`, parts);
  } finally {
    await Promise.all([proxy, ...servers, ...workers].map((part) => part.stop()));
    for (const part of below) await part.stop();
  }
}

async function measureFaults(databaseUri: string, url: string, parts: readonly Part[]): Promise<Figure[]> {
  const target: LoadTarget = {
    ...{ url, token: await logIn(url) },
    ...{ postedSensor: METER, firstPostMs: Date.parse('2001-01-01T00:00Z') },
    ...{ scheduledSensor: BATTERY, priceSensor: PRICES, firstDayMs: FIRST_DAY_MS },
  };
  const load = new Load(target);
  const phases: Phase[] = [await runPhase('no fault')];
  for (const part of parts) phases.push(await runPhase(`kill -9 of ${part.name}`, part));
  const record = await load.stop();
  const waits = await assertJobsDone(databaseUri, record);
  await assertPostsStored(databaseUri, record, target);
  return phases.map((phase) => toFigure(phase, record, waits));
}

async function runPhase(name: string, part?: Part): Promise<Phase> {
  const fromMs = Date.now();
  let readyAfterMs = 0;
  if (part) {
    await part.kill();
    await sleep(RESTART_AFTER_MS);
    await part.start();
    readyAfterMs = Date.now() - fromMs;
  }
  await sleep(PHASE_MS);
  return { name, fromMs, untilMs: Date.now(), readyAfterMs };
}

/** The longest time without an accepted post, and what else happened. */
function toFigure(
  { name, fromMs, untilMs, readyAfterMs }: Phase,
  { posts, failures, jobs }: LoadRecord,
  waits: ReadonlyMap<string, number>,
): Figure {
  const isInside = (atMs: number): boolean => atMs >= fromMs && atMs < untilMs;
  const times = posts.map(({ atMs }) => atMs).filter(isInside);
  const gaps = [fromMs, ...times, untilMs].map((time, i, all) => time - (all[i - 1] ?? time)).slice(1);
  const asked = jobs.filter(({ atMs }) => isInside(atMs)).map(({ id }) => waits.get(id)!);
  const rate = (1000 * times.length) / (untilMs - fromMs);
  const ready = readyAfterMs > 0 ? `, ready again after ${(readyAfterMs / 1000).toFixed(1)} s` : '';
  const note =
    `${rate.toFixed(0)} posts/s, ${failed(failures.filter(({ atMs }) => isInside(atMs)))}${ready}; ` +
    `${asked.length} schedules, the slowest after ${(Math.max(0, ...asked) / 1000).toFixed(1)} s`;
  return { ...summarise(`longest time without an accepted post, ${name}`, [Math.max(...gaps)], note) };
}

/** Such as "3 requests failed (2 with 503, 1 without an answer)". */
function failed(failures: LoadRecord['failures']): string {
  const byStatus = new Map<number | undefined, number>();
  for (const { status } of failures) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  const texts = [...byStatus].map(
    ([status, count]) => `${count} ${status === undefined ? 'without an answer' : `with ${status}`}`,
  );
  return `${failures.length} requests failed${texts.length > 0 ? ` (${texts.join(', ')})` : ''}`;
}

/** @returns the time from request to result of each job, in ms */
async function assertJobsDone(uri: string, { jobs }: LoadRecord): Promise<Map<string, number>> {
  const ids = jobs.map(({ id }) => id);
  const open = async () => {
    const rows = await query<{ id: string; state: string; waitMs: string | null }>(
      uri,
      `SELECT id, state, extract(epoch FROM ended_at - created_at) * 1000 AS "waitMs" FROM job WHERE id = ANY ($1)`,
      [ids],
    );
    return { rows, isDone: rows.every(({ state }) => state === 'finished' || state === 'failed') };
  };
  let state = await open();
  for (const untilMs = Date.now() + MAX_WAIT_MS; !state.isDone && Date.now() < untilMs; state = await open())
    await sleep(200);
  const wrong = state.rows.filter((row) => row.state !== 'finished');
  if (new Set(ids).size !== ids.length || state.rows.length !== ids.length || wrong.length > 0)
    throw new Error(`${ids.length} jobs were accepted, but: ${JSON.stringify(wrong.slice(0, 5))}`);
  const [stored] = await query<Record<string, number>>(
    uri,
    `SELECT count(*)::int AS beliefs, count(DISTINCT event_start)::int AS events,
       count(repeated_horizons)::int AS repeated FROM timed_belief WHERE sensor_id = $1`,
    [BATTERY],
  );
  const [finished] = await query<Record<string, number>>(
    uri,
    `SELECT count(*)::int AS all, count(DISTINCT payload->>'id')::int AS jobs FROM event WHERE name = 'job.finished'`,
  );
  const steps = ids.length * STEPS_PER_DAY;
  const isOnce = stored?.['beliefs'] === steps && stored['events'] === steps && stored['repeated'] === 0;
  if (!isOnce || finished?.['all'] !== ids.length || finished['jobs'] !== ids.length)
    throw new Error(`Not each of ${ids.length} jobs was done once: ${JSON.stringify({ stored, finished })}`);
  return new Map(state.rows.map(({ id, waitMs }) => [id, Number(waitMs)]));
}

/** Compares what was accepted with what the API gives, and with the rows of the table. */
async function assertPostsStored(
  uri: string,
  { posts, wrongReads }: LoadRecord,
  { url, token, postedSensor, firstPostMs }: LoadTarget,
): Promise<void> {
  if (wrongReads.length > 0) throw new Error(`Accepted values were not read: ${wrongReads.join('; ')}`);
  const startMs = firstPostMs;
  const untilMs = Math.max(...posts.map((post) => post.startMs)) + QUARTER_MS;
  const search = new URLSearchParams({
    start: new Date(startMs).toISOString(),
    duration: `PT${(untilMs - startMs) / 60_000}M`,
    unit: 'MW',
  });
  const answer = await fetch(`${url}/api/v3_0/sensors/${postedSensor}/data?${search.toString()}`, {
    headers: { Authorization: token },
  });
  const { values } = (await answer.json()) as { values: (number | null)[] };
  const lost = posts.filter((post) => {
    const quarter = (post.startMs - startMs) / QUARTER_MS;
    return values[quarter] !== quarter;
  });
  if (lost.length > 0) throw new Error(`${lost.length} of ${posts.length} accepted posts were lost.`);
  const [stored] = await query<Record<string, number>>(
    uri,
    'SELECT count(*)::int AS beliefs, count(DISTINCT event_start)::int AS events FROM timed_belief WHERE sensor_id = $1',
    [postedSensor],
  );
  if (stored?.['beliefs'] !== posts.length || stored['events'] !== posts.length)
    throw new Error(`${posts.length} values were posted, but stored: ${JSON.stringify(stored)}`);
}

async function query<Row extends object>(
  uri: string,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const client = new Client(uri);
  await client.connect();
  try {
    return (await client.query<Row>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
