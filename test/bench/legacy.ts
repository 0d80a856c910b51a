import { EmbeddedPostgres } from '#lib/database';
import { logIn, startServer, stop, withBenchHome } from './bench-server';
import type { Figure } from './figures';
import { processorMs, processorMsOfFamily } from './processor-time';
import { underLoad } from './under-load';

const STEP_MS = 300_000;
const HOST = 'ea1.2021-01.io.flexmeasures.company';
/** The sensor that the last command adds. */
const SENSOR = 4;
const COMMANDS = [
  ['add', 'toy-account'],
  [
    ...['add', 'sensor', '--name', 'gateway', '--asset-id', '3', '--timezone', 'UTC'],
    ...['--unit', 'MW', '--event-resolution', '5'],
  ],
];

/** What gateways post: a value of five minutes in each message, to a version of the API before 3. */
const VERSIONS = [
  { version: 'v1', connection: 'gateway', firstMs: Date.parse('2001-01-01T00:00Z') },
  { version: 'v2_0', connection: `${HOST}:fm1.${SENSOR}`, firstMs: Date.parse('2011-01-01T00:00Z') },
];

/** Messages of gateways to the built server with its own embedded database. */
export function benchLegacy(): Promise<Figure[]> {
  return withBenchHome(COMMANDS, async (home, env) => {
    const server = await startServer(home, env);
    try {
      const token = await logIn(server.url);
      const database = new EmbeddedPostgres(home).processId()!;
      const used = () => processorMs(server.process.pid!) + processorMsOfFamily(database);
      const figures: Figure[] = [];
      for (const version of VERSIONS) figures.push(await measurePosts(server.url, token, version, used));
      return figures;
    } finally {
      await stop(server);
    }
  });
}

/**
 * @param used processor time of server and database so far, in ms
 * @throws Error if a post fails, or if what was posted cannot be read
 */
async function measurePosts(
  url: string,
  token: string,
  { version, connection, firstMs }: (typeof VERSIONS)[number],
  used: () => number,
): Promise<Figure> {
  const headers = { Authorization: token, 'Content-Type': 'application/json' };
  let count = 0;
  const window = (step: number) => ({
    start: new Date(firstMs + step * STEP_MS).toISOString(),
    duration: 'PT5M',
    unit: 'MW',
  });
  const before = used();
  const figure = await underLoad(`${version}/postMeterData`, {
    url,
    headers,
    requests: [
      {
        method: 'POST',
        path: `/api/${version}/postMeterData`,
        setupRequest: (request) => {
          const step = count++;
          const message = { type: 'PostMeterDataRequest', connection, value: step, ...window(step) };
          return { ...request, body: JSON.stringify(message) };
        },
      },
    ],
  });
  const usedMs = used() - before;
  for (const step of [0, Math.floor(count / 2)]) {
    const query = new URLSearchParams({ type: 'GetMeterDataRequest', connection, ...window(step) });
    const answer = await fetch(`${url}/api/${version}/getMeterData?${query.toString()}`, { headers });
    const { values } = (await answer.json()) as { values?: number[] };
    if (values?.[0] !== step) throw new Error(`${version}: the value of step ${step} was not saved.`);
  }
  return { ...figure, note: `${figure.note}, ${(usedMs / count).toFixed(1)} ms of processor time each` };
}
