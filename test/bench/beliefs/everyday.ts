import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type autocannon from 'autocannon';
import { chartData, posted, read } from '../api';
import { DAY_MS, YEAR, QUARTER_MS } from '../bench-app';
import { LOGIN, logIn, startServer, stop, type Server } from '../bench-server';
import { formatFigures, measure, summarise, type Figure } from '../figures';
import { withInstalledPostgres } from '../programs/installed-postgres';
import { withClient } from '../programs/with-client';
import { CONNECTIONS, underLoad } from '../under-load';
import { command, createMeters, DAYS, loadMeasurements, metersFor, type Meters } from './everyday-data';

const BELIEFS = Number(process.env['FLEXMEASURES_BENCH_BELIEFS'] ?? 200_000_000);
const YEARS = DAYS / 365;
const QUARTERS_OF_DAY = DAY_MS / QUARTER_MS;
const POSTGRES = ['shared_buffers=1GB', 'max_wal_size=8GB', 'work_mem=16MB', 'maintenance_work_mem=256MB'];

/** What servers are asked for every day, with a large table of beliefs in months, in the PostgreSQL of this machine. */
export const benchEveryday = (): Promise<Figure[]> => benchWith('monthly');

/** The same with one partition for all beliefs. */
export const benchUndividedEveryday = (): Promise<Figure[]> => benchWith('none');

async function benchWith(partitioning: 'monthly' | 'none'): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  try {
    const figures = await withInstalledPostgres(
      (uri) =>
        benchDatabase(uri, home, {
          ...process.env,
          FLEXMEASURES_HOME: home,
          NODE_ENV: 'production',
          SQLALCHEMY_DATABASE_URI: uri,
          FLEXMEASURES_BELIEF_PARTITIONING: partitioning,
          FLEXMEASURES_FORECAST_AFTER_DATA: 'False',
        }),
      POSTGRES,
    );
    if (!figures) throw new Error('There is no PostgreSQL server on this machine.');
    return figures;
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function benchDatabase(uri: string, home: string, env: NodeJS.ProcessEnv): Promise<Figure[]> {
  command(home, env, ['db', 'upgrade']);
  command(home, env, ['add', 'toy-account']);
  const meters = await withClientOf(home, env, async (client) => {
    const created = await createMeters(metersFor(BELIEFS), (path, body) => client.post(path, body));
    // The first value of a user creates the source.
    const value = posted(created.sensorIds[0]!, created.endMs, 1);
    await client.post('/api/v3_0/sensors/data', JSON.parse(value) as object);
    return created;
  });
  if (env['FLEXMEASURES_BELIEF_PARTITIONING'] !== 'none')
    command(home, env, ['db', 'partition-beliefs', '--from', new Date(meters.startMs).toISOString()]);
  const load = await measureLoad(uri, meters);
  console.log(formatFigures(load));
  console.log(command(home, env, ['db', 'size']));
  const figures = await withClientOf(home, env, (client) => measureRequests(client, meters));
  return [...load, ...figures, ...(await benchRetention(home, env))];
}

/** Runs `work` with a server and a client who is logged in. */
async function withClientOf<T>(
  home: string,
  env: NodeJS.ProcessEnv,
  work: (client: Requests) => Promise<T>,
): Promise<T> {
  const server = await startServer(home, env);
  try {
    return await work(await Requests.logIn(server));
  } finally {
    await stop(server);
  }
}

async function measureRequests(client: Requests, meters: Meters): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const part of [benchData, benchCharts, benchStates, benchDeletion]) {
    const measured = await part(client, meters);
    // So that they are not lost if a later part fails.
    console.log(formatFigures(measured));
    figures.push(...measured);
  }
  return figures;
}

async function measureLoad(uri: string, meters: Meters): Promise<Figure[]> {
  let start = performance.now();
  const count = await loadMeasurements(uri, meters);
  const loadMs = performance.now() - start;
  start = performance.now();
  await withClient(uri, async (client) => {
    for (const statement of ['VACUUM ANALYZE timed_belief', 'CHECKPOINT']) await client.query(statement);
  });
  const rate = `${Math.round(count / (loadMs / 1000)).toLocaleString('en')} beliefs/s`;
  return [
    summarise(
      `load ${count.toLocaleString('en')} beliefs of ${meters.sensorIds.length} meters`,
      [loadMs],
      rate,
    ),
    summarise('vacuum afterwards', [performance.now() - start]),
  ];
}

/** Requests of the toy user, with a token and in a session of pages. */
class Requests {
  private constructor(
    readonly url: string,
    readonly headers: Record<string, string>,
    private readonly cookie: string,
  ) {}

  static async logIn({ url }: Server): Promise<Requests> {
    const headers = { Authorization: await logIn(url), 'Content-Type': 'application/json' };
    const page = await fetch(`${url}/login`);
    const fields = [...(await page.text()).matchAll(/type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g)];
    const body = new URLSearchParams({
      ...Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
      ...LOGIN,
    });
    const cookieOf = ({ headers: given }: Response): string =>
      given
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ');
    const answer = await fetch(`${url}/login`, {
      ...{ method: 'POST', headers: { cookie: cookieOf(page) }, body, redirect: 'manual' },
    });
    if (answer.status !== 303) throw new Error(`The toy user cannot log in: ${answer.status}`);
    return new Requests(url, headers, cookieOf(answer));
  }

  async post(path: string, body: object): Promise<{ id: number }> {
    return JSON.parse(await this.send('POST', path, JSON.stringify(body))) as { id: number };
  }

  get(path: string): Promise<string> {
    return this.send('GET', path);
  }

  delete(path: string, body: object): Promise<string> {
    return this.send('DELETE', path, JSON.stringify(body));
  }

  async page(path: string): Promise<string> {
    const answer = await fetch(this.url + path, { headers: { cookie: this.cookie }, redirect: 'manual' });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  }

  private async send(method: string, path: string, body?: string): Promise<string> {
    const answer = await fetch(this.url + path, { method, headers: this.headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  }
}

/** Measures a request about another meter in each run, so that not all it needs is in memory. */
function each(
  name: string,
  { sensorIds }: Meters,
  work: (sensorId: number, run: number) => Promise<string>,
  runs = 31,
): Promise<Figure> {
  let run = 0;
  const next = async (): Promise<string | undefined> => {
    const sensorId = sensorIds[(++run * 37) % sensorIds.length]!;
    const { length } = await work(sensorId, run);
    return length > 0 ? `${(length / 1000).toFixed(0)} kB before compression` : undefined;
  };
  return measure(name, next, { runs, warmUps: 3 });
}

async function benchData(client: Requests, meters: Meters): Promise<Figure[]> {
  const { url, headers } = client;
  const { sensorIds, startMs, endMs } = meters;
  const load = (name: string, request: autocannon.Request, connections: number) =>
    underLoad(name, { url, connections, headers, requests: [request] });
  let count = 0;
  const post = {
    method: 'POST',
    path: '/api/v3_0/sensors/data',
    setupRequest: (request: autocannon.Request) => {
      const [meter, day] = [count % sensorIds.length, Math.floor(count++ / sensorIds.length)];
      return { ...request, body: posted(sensorIds[meter]!, endMs + day * DAY_MS, QUARTERS_OF_DAY) };
    },
  } as const;
  const ask = {
    method: 'GET',
    setupRequest: (request: autocannon.Request) => {
      const [meter, day] = [(++count * 37) % sensorIds.length, (count * 911) % DAYS];
      return { ...request, path: read(sensorIds[meter]!, startMs + day * DAY_MS, 'P1D') };
    },
  } as const;
  return [
    await load('POST of a day', post, CONNECTIONS),
    await load('POST of a day', post, 1),
    await load('GET of a day', ask, CONNECTIONS),
    await load('GET of a day', ask, 1),
    await each('GET of a year', meters, (sensor, run) =>
      client.get(read(sensor, startMs + (run % (YEARS - 1)) * YEAR * QUARTER_MS, 'P365D')),
    ),
  ];
}

async function benchCharts(client: Requests, meters: Meters): Promise<Figure[]> {
  const { startMs } = meters;
  return [
    await each('chart data of a year as columns', meters, (sensor, run) => {
      const yearMs = startMs + (run % (YEARS - 1)) * YEAR * QUARTER_MS;
      return client.get(`${chartData(sensor, yearMs, 1)}&format=columns`);
    }),
    await each(`chart data of ${YEARS} years in 1,600 buckets`, meters, (sensor) =>
      client.get(`${chartData(sensor, startMs, YEARS)}&format=columns&buckets=1600`),
    ),
  ];
}

async function benchStates(client: Requests, meters: Meters): Promise<Figure[]> {
  const { assetIds } = meters;
  return [
    await each('latest values of a site with 3 meters', meters, (_, run) =>
      client.page(`/assets/${assetIds[run % assetIds.length]}/state`),
    ),
    await each('status of a sensor', meters, (sensor) => client.get(`/api/v3_0/sensors/${sensor}/status`)),
    await each('key figures of all data of a sensor', meters, (sensor) =>
      client.get(`/api/v3_0/sensors/${sensor}/stats`),
    ),
    await each('dashboard: what is now', meters, () => client.page('/dashboard/now'), 3),
  ];
}

async function benchDeletion(client: Requests, meters: Meters): Promise<Figure[]> {
  const remove = (name: string, days: number) =>
    each(name, meters, (sensor) => {
      const [start, until] = [meters.startMs, meters.startMs + days * DAY_MS].map((ms) =>
        new Date(ms).toISOString(),
      );
      return client.delete(`/api/v3_0/sensors/${sensor}/data`, { start, until });
    });
  return [await remove('DELETE of a day', 1), await remove('DELETE of a year', 365)];
}

async function benchRetention(home: string, env: NodeJS.ProcessEnv): Promise<Figure[]> {
  const dryRun = (): Promise<string> => {
    const args = ['delete', 'old-beliefs', '--older-than', `P${DAYS - 365}D`, '--dry-run'];
    return Promise.resolve(command(home, env, args).trim().split('\n').at(-1)!);
  };
  return [await measure('retention dry run: beliefs of the first year', dryRun, { runs: 5, warmUps: 1 })];
}
