import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Measurements of a server during an attack, and the result of the attack. */
export interface AttackMeasurements<T> {
  /**
   * The longest response time of `GET /api/v3_0/health/ready`, without the time in which a busy machine ran neither the
   * main thread of the server nor the watcher.
   */
  slowestHealthMs: number;
  /** The same, in wall clock time. */
  slowestHealthRawMs: number;
  /** Number of health requests, which were sent one after the other. */
  samples: number;
  /** Peak memory of the server process. */
  peakRssMb: number;
  /** Result of the attack. */
  result: T;
}

interface WatcherReport extends Omit<AttackMeasurements<unknown>, 'result' | 'peakRssMb'> {
  peakRssKb: number;
}

/** Load balancers wait about a second for the answer; other requests are delayed as long as health requests. */
const MAX_HEALTH_MS = 200;
const MAX_RSS_MB = 400;

/**
 * Measures response time and memory of a server from before an attack begins until after it ends.
 *
 * @param attack resolves once the server has answered all its requests
 * @throws Error when a health request fails or takes more than 30 s
 */
export async function watchServer<T>(
  server: { pid: number; url: string },
  attack: () => Promise<T>,
): Promise<AttackMeasurements<T>> {
  const workerData = { pid: server.pid, port: Number(new URL(server.url).port) };
  const watcher = new Worker(join(__dirname, 'health-watcher.cjs'), { workerData });
  const failed = new Promise<never>((_resolve, reject) => watcher.once('error', reject));
  failed.catch(() => undefined);
  let attacking: Promise<T> | undefined;
  try {
    await Promise.race([once(watcher, 'message'), failed]);
    attacking = attack();
    const result = await Promise.race([attacking, failed]);
    watcher.postMessage('over');
    const [{ peakRssKb, ...seen }] = (await Promise.race([once(watcher, 'message'), failed])) as [
      WatcherReport,
    ];
    return { ...seen, peakRssMb: Math.round(peakRssKb / 1024), result };
  } finally {
    await watcher.terminate();
    // Requests of this attack must not affect the next test.
    await attacking?.catch(() => undefined);
  }
}

/**
 * Expects that response time and memory stayed within the limits during the attack.
 * @param maxRssMb memory that the process of the server may use
 */
export function expectWithinLimits(
  { slowestHealthMs, peakRssMb, samples }: AttackMeasurements<unknown>,
  maxRssMb = MAX_RSS_MB,
): void {
  expect(samples).toBeGreaterThan(0);
  expect(slowestHealthMs).toBeLessThan(MAX_HEALTH_MS);
  expect(peakRssMb).toBeLessThan(maxRssMb);
}

/**
 * Sends ordinary requests, one after the other, during an attack.
 * @param honest sends one ordinary request. @returns the results of the attack and of the ordinary requests
 */
export async function withOrdinaryRequests<T, H>(
  attack: () => Promise<T>,
  honest: () => Promise<H>,
): Promise<{ result: T; honest: H[] }> {
  const over = new AbortController();
  const sent = (async () => {
    const results = [await honest()];
    while (!over.signal.aborted) results.push(await honest());
    return results;
  })();
  const result = await attack().finally(() => over.abort());
  return { result, honest: await sent };
}
