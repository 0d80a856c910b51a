import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** How a server took an attack. */
export interface Watched<T> {
  /**
   * The slowest answer of `GET /api/v3_0/health/ready`, without the time for which a busy machine let neither the
   * server's main thread nor the watcher run.
   */
  slowestHealthMs: number;
  /** The same as the clock showed it. */
  slowestHealthRawMs: number;
  /** How often health was asked for, one answer after the other. */
  samples: number;
  /** The most memory that the server's process held. */
  peakRssMb: number;
  /** What the attack returned. */
  result: T;
}

interface Seen extends Omit<Watched<unknown>, 'result' | 'peakRssMb'> {
  peakRssKb: number;
}

/** A load balancer that asks for health gives up after about a second; other requests wait as long as health does. */
const MAX_HEALTH_MS = 200;
const MAX_RSS_MB = 400;

/**
 * Watches health and memory of a server from before an attack begins until after it ends.
 *
 * @param attack resolves once the server has answered all of it
 * @throws Error when health is refused, or not answered within 30 s, as by a server that has ended
 */
export async function watchServer<T>(
  server: { pid: number; url: string },
  attack: () => Promise<T>,
): Promise<Watched<T>> {
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
    const [{ peakRssKb, ...seen }] = (await Promise.race([once(watcher, 'message'), failed])) as [Seen];
    return { ...seen, peakRssMb: Math.round(peakRssKb / 1024), result };
  } finally {
    await watcher.terminate();
    // No later test shall meet what is left of this attack.
    await attacking?.catch(() => undefined);
  }
}

/**
 * Fails the test unless the server stayed responsive, and small, all through the attack.
 * @param maxRssMb memory that its process may hold
 */
export function expectUnharmed(
  { slowestHealthMs, peakRssMb, samples }: Watched<unknown>,
  maxRssMb = MAX_RSS_MB,
): void {
  expect(samples).toBeGreaterThan(0);
  expect(slowestHealthMs).toBeLessThan(MAX_HEALTH_MS);
  expect(peakRssMb).toBeLessThan(maxRssMb);
}

/**
 * Sends honest requests, one after the other, while an attack runs.
 * @param honest sends one. @returns what the attack returned, and what the honest requests did
 */
export async function withHonestRequests<T, H>(
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
