import { setTimeout as sleep } from 'node:timers/promises';

/** Between two queries; a shorter pause would use the processor that the awaited work needs. */
export const POLL_MS = 50;

/** Repeats a query until its result fulfils the condition; fails with the last result after a timeout. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  isRight: (found: T) => boolean,
  withinMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await ask();
    if (isRight(found)) return found;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(found)} after ${withinMs} ms.`);
    await sleep(POLL_MS);
  }
}
