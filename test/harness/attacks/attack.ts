import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { machineSlowness } from './machine-speed';

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

/** Between the ordinary requests of one client; without it, they would use up the processor that the attack needs. */
const PAUSE_MS = 20;

/** Load balancers wait about a second for the answer; other requests are delayed as long as health requests. */
const MAX_HEALTH_MS = 200;
const MAX_RSS_MB = 400;

/** One per server, since a thread takes long to start. */
const watchers = new Map<number, Worker>();
afterAll(() => Promise.all([...watchers.values()].map((watcher) => watcher.terminate())));

function watcherOf({ pid, url }: { pid: number; url: string }): Worker {
  const started = watchers.get(pid);
  if (started) return started;
  const workerData = { pid, port: Number(new URL(url).port) };
  const watcher = new Worker(join(__dirname, 'health-watcher.cjs'), { workerData });
  watchers.set(pid, watcher);
  return watcher;
}

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
  const watcher = watcherOf(server);
  const stop = new AbortController();
  const failed = once(watcher, 'error', { signal: stop.signal }).then(([error]) => {
    throw error as Error;
  });
  failed.catch(() => undefined);
  const answerTo = async (message: string): Promise<unknown> => {
    watcher.postMessage(message);
    const [answer] = (await Promise.race([once(watcher, 'message'), failed])) as unknown[];
    return answer;
  };
  let attacking: Promise<T> | undefined;
  try {
    await answerTo('begin');
    attacking = attack();
    const result = await Promise.race([attacking, failed]);
    const { peakRssKb, ...seen } = (await answerTo('over')) as WatcherReport;
    return { ...seen, peakRssMb: Math.round(peakRssKb / 1024), result };
  } catch (error) {
    // The next attack must not get what this watcher still sends.
    watchers.delete(server.pid);
    await watcher.terminate();
    throw error;
  } finally {
    stop.abort();
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
  expect(slowestHealthMs).toBeLessThan(limitMs(slowestHealthMs));
  expect(peakRssMb).toBeLessThan(maxRssMb);
}

/** The limit of response times: longer on a machine that is slower than usual, which is measured only if it matters. */
const limitMs = (slowestMs: number): number =>
  slowestMs < MAX_HEALTH_MS ? MAX_HEALTH_MS : MAX_HEALTH_MS * machineSlowness();

/**
 * Sends ordinary requests, one after the other with short pauses, during an attack.
 * @param honest sends one ordinary request. @returns the results of the attack and of the ordinary requests
 */
export async function withOrdinaryRequests<T, H>(
  attack: () => Promise<T>,
  honest: () => Promise<H>,
): Promise<{ result: T; honest: H[] }> {
  const over = new AbortController();
  const sent = (async () => {
    const results = [await honest()];
    while (!over.signal.aborted) {
      await sleep(PAUSE_MS);
      results.push(await honest());
    }
    return results;
  })();
  const result = await attack().finally(() => over.abort());
  return { result, honest: await sent };
}
