import type autocannon from 'autocannon';
import { DAY_MS, QUARTER_MS, YEAR } from './bench-app';
import { logIn, startServer, stop, withBenchHome, type Server } from './bench-server';
import { measure, measureAlternating, type Figure } from './figures';
import { residentMb } from './resident-memory';
import { CONNECTIONS, underLoad } from './under-load';

const YEARS_OF_CHART = 10;
const QUARTERS_OF_DAY = 96;
/** Power of the toy battery. */
const SENSOR = 2;

/** Days of posted load, and the years of yearly series; they never overlap. */
const FIRST_DAY = Date.parse('2001-01-01T00:00Z');
const FIRST_YEAR = Date.parse('1951-01-01T00:00Z');

/** The built server with its own embedded database, and requests over HTTP from this process. */
export function benchApi(): Promise<Figure[]> {
  return withBenchHome([['add', 'toy-account']], async (home, env) => {
    const start = await measureStart(home, env);
    const server = await startServer(home, env);
    try {
      return [start, ...(await benchServer(server))];
    } finally {
      await stop(server);
    }
  });
}

async function benchServer({ url, process: { pid } }: Server): Promise<Figure[]> {
  const token = await logIn(url);
  const headers = { Authorization: token, 'Content-Type': 'application/json' };
  const send = async (path: string, body?: string): Promise<unknown> => {
    const response = await fetch(url + path, { method: body === undefined ? 'GET' : 'POST', headers, body });
    const answer: unknown = await response.json();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const load = (name: string, request: autocannon.Request, connections = CONNECTIONS) =>
    underLoad(name, { url, connections, headers, requests: [request] });

  let day = 0;
  const setupRequest = (request: autocannon.Request) => ({
    ...request,
    body: posted(SENSOR, FIRST_DAY + day++ * DAY_MS, QUARTERS_OF_DAY),
  });
  const post = { method: 'POST', path: '/api/v3_0/sensors/data', setupRequest } as const;
  const get = { method: 'GET', path: read(SENSOR, FIRST_DAY, 'P1D') } as const;
  const days = [
    await load('POST of a day', post),
    await load('GET of a day', get),
    await load('POST of a day', post, 1),
    await load('GET of a day', get, 1),
  ];
  const isWhole = ({ values }: { values: (number | null)[] }) => values.every((value) => value !== null);
  for (const past of [0, day - 1 - CONNECTIONS]) {
    const answer = (await send(read(SENSOR, FIRST_DAY + past * DAY_MS, 'P1D'))) as {
      values: (number | null)[];
    };
    if (!isWhole(answer)) throw new Error(`Day ${past} was not saved.`);
  }
  let years = 0;
  const yearStart = () => FIRST_YEAR + years * YEAR * QUARTER_MS;
  const postYear = await measure('POST of a year', async () => {
    await send('/api/v3_0/sensors/data', posted(SENSOR, yearStart(), YEAR));
    years++;
  });
  const getYear = await measure('GET of a year', () => send(read(SENSOR, FIRST_YEAR, 'P365D')));
  const memory = `server holds ${residentMb(pid!)} MB by then`;
  while (years < YEARS_OF_CHART) {
    await send('/api/v3_0/sensors/data', posted(SENSOR, yearStart(), YEAR));
    years++;
  }
  const chartOf = async (name: string, path: string): Promise<Figure> => {
    let bytes = 0;
    const load = async () => {
      bytes = (await (await fetch(url + path, { headers })).arrayBuffer()).byteLength;
    };
    const figure = await measure(name, load);
    return { ...figure, note: `${(bytes / 1e6).toFixed(2)} MB before compression` };
  };
  return [
    ...[...days, postYear, { ...getYear, note: memory }],
    await chartOf('chart data of a year', chartData(SENSOR, FIRST_YEAR, 1)),
    await chartOf('chart data of a year as columns', `${chartData(SENSOR, FIRST_YEAR, 1)}&format=columns`),
    await chartOf(
      `chart data of ${YEARS_OF_CHART} years in 1,600 buckets`,
      `${chartData(SENSOR, FIRST_YEAR, YEARS_OF_CHART)}&format=columns&buckets=1600`,
    ),
  ];
}

/** The body of a post of random values per quarter-hour. */
export const posted = (sensor: number, startMs: number, count: number): string =>
  JSON.stringify({
    ...{ sensor, unit: 'MW', start: new Date(startMs).toISOString(), duration: `PT${count / 4}H` },
    values: Array.from({ length: count }, () => Math.round(Math.random() * 1000) / 1000),
  });

/** The path that reads values. */
export const read = (sensor: number, startMs: number, duration: string): string =>
  `/api/v3_0/sensors/data?sensor=${sensor}&unit=MW&duration=${duration}&start=${new Date(startMs).toISOString()}`;

/** The path of the data of a chart. */
export const chartData = (sensor: number, startMs: number, years: number): string =>
  `/api/dev/sensor/${sensor}/chart_data?event_starts_after=${new Date(startMs).toISOString()}` +
  `&event_ends_before=${new Date(startMs + years * YEAR * QUARTER_MS).toISOString()}`;

/** The time until the server says that it is ready. */
async function measureStart(home: string, env: NodeJS.ProcessEnv): Promise<Figure> {
  const [figure] = await measureAlternating(
    [
      {
        name: 'server start to ready',
        work: async () => {
          const server = await startServer(home, env);
          return () => stop(server);
        },
      },
    ],
    { runs: 7, warmUps: 1 },
  );
  return figure!;
}
