import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { FairSemaphore, QueueFullError } from '#lib/concurrency';
import { tooManyRequests } from '../errors/api-error';

/** Reads of fewer beliefs do not wait for others; a year of quarter-hours has 35,040 events. */
const LIGHT_READ = 50_000;

/** Read, and on its way to the client, a belief takes some hundred bytes. */
const BELIEFS_AT_ONCE = 1_000_000;

/** A client that takes longer to receive its answer no longer keeps others waiting, ms. */
const MAX_SENDING_MS = 30_000;

const RETRY_AFTER_S = 10;

/** Runs a read of so many beliefs when it is its turn. */
export type ReadLimiter = <T>(beliefs: number, read: () => Promise<T>) => Promise<T>;

/** Lets only a few large reads run at once, one of each account, so that they do not use up memory together. */
@Injectable()
export class HeavyReads {
  private readonly semaphore = new FairSemaphore({
    capacity: BELIEFS_AT_ONCE,
    // Whatever its weight, one read of an account runs.
    capacityPerKey: 0,
    maxWaiting: 500,
    maxWaitingPerKey: 50,
  });

  /**
   * A limiter for the reads of one request. A large read counts until its answer has been sent.
   * @param accountId of the user who asks
   * @throws ApiError 429 from the limiter when too many reads wait
   */
  createLimiter(accountId: number, response: Response): ReadLimiter {
    return (beliefs, read) => {
      if (beliefs <= LIGHT_READ) return read();
      return this.run(String(accountId), beliefs, read, response);
    };
  }

  private run<T>(key: string, beliefs: number, read: () => Promise<T>, response: Response): Promise<T> {
    return new Promise((resolve, reject) => {
      const untilSent = async (): Promise<void> => {
        // Nobody waits for the answer any more.
        if (response.closed) throw tooManyReads();
        resolve(await read());
        await untilClosed(response);
      };
      this.semaphore.run(key, untilSent, Math.min(beliefs, BELIEFS_AT_ONCE)).catch((error: unknown) => {
        reject(error instanceof QueueFullError ? tooManyReads() : (error as Error));
      });
    });
  }
}

async function untilClosed(response: Response): Promise<void> {
  if (response.closed) return;
  const stop = new AbortController();
  await Promise.race([
    once(response, 'close', { signal: stop.signal }),
    sleep(MAX_SENDING_MS, undefined, { signal: stop.signal, ref: false }),
  ]).finally(() => stop.abort());
}

const tooManyReads = () =>
  tooManyRequests(
    `Too many requests for much data are waiting. Send this one again in ${RETRY_AFTER_S} seconds.`,
    RETRY_AFTER_S,
  );
