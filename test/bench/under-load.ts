import autocannon from 'autocannon';
import type { Figure } from './figures';

/** Connections that send requests at the same time. */
export const CONNECTIONS = 16;

const SECONDS = 8;
const WARM_UP_SECONDS = 2;

/** Sends requests as fast as the server answers. @throws for any response but success */
export async function underLoad(name: string, options: autocannon.Options): Promise<Figure> {
  const given = { duration: SECONDS, connections: CONNECTIONS, ...options };
  await autocannon({ ...given, duration: WARM_UP_SECONDS });
  const { latency, requests, non2xx, errors } = await autocannon(given);
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx + errors} requests failed`);
  return {
    name: `${name}, ${given.connections} connection${given.connections === 1 ? '' : 's'}`,
    medianMs: latency.p50,
    minMs: latency.min,
    maxMs: latency.max,
    runs: requests.total,
    note: `${requests.average.toFixed(0)} requests/s, p99 ${latency.p99.toFixed(0)} ms`,
  };
}
