import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { FairSemaphore } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import type { ApiUser } from '../auth/authentication/api-user';
import { networkOf } from '../auth/throttle/network';
import { Quota } from './quota';

/** Bodies up to this size are read and parsed without a quota. */
export const SMALL_BODY_BYTES = 16_000;

/** While it is processed, a body takes about twenty times its size in memory. */
const BYTES_PROCESSED_AT_ONCE = 4_000_000;

/** Maximum time for a handler to end the response after the client has gone away, ms. */
const MAX_AFTER_CLOSE_MS = 30_000;

/** Maximum number of files that are received or read at the same time. */
const UPLOADS = { perClient: 4, total: 16 };

/** Limits the memory and time of the bodies that are received and processed, per client and in total. */
@Injectable()
export class BodiesInFlight {
  private readonly bytes: Quota;
  private readonly uploads = new Quota(UPLOADS, 'too many files');
  private readonly processing = new FairSemaphore({
    capacity: BYTES_PROCESSED_AT_ONCE,
    // The quota limits how many wait.
    maxWaiting: Infinity,
    maxWaitingPerKey: Infinity,
  });

  constructor(
    @Inject(SETTINGS) { maxBodyBytes }: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.bytes = new Quota({ perClient: 1.5 * maxBodyBytes, total: 3 * maxBodyBytes }, 'too much');
  }

  /** Opens the account of one body. The caller must close it. */
  open(request: Request): BodyAccount {
    return new BodyAccount(this.bytes, clientOf(request));
  }

  /**
   * Waits until the semaphore has capacity for the bytes of a body. They count, and the account stays open, until the
   * handler has ended the response.
   */
  waitForTurn(account: BodyAccount, response: Response): Promise<void> {
    return new Promise((resolve, reject) => {
      const untilProcessed = (): Promise<void> => {
        resolve();
        return untilEnded(response, this.clock);
      };
      this.processing
        .run(account.client, untilProcessed, account.bytes)
        .catch(reject)
        .finally(() => account.close());
    });
  }

  /** Receives and processes a file. @throws ApiError 429 or 503 when too many are in flight */
  async upload<T>(request: Request, work: () => Promise<T>): Promise<T> {
    const client = clientOf(request);
    this.uploads.acquire(client, 1);
    try {
      return await work();
    } finally {
      this.uploads.release(client, 1);
    }
  }
}

/** The share of the quota that one body uses; nothing for a small body. */
export class BodyAccount {
  private received = 0;
  private charged = 0;

  constructor(
    private readonly quota: Quota,
    /** Key of the client that the bytes are charged to. */
    readonly client: string,
  ) {}

  /** Bytes received so far. */
  get bytes(): number {
    return this.received;
  }

  /** Reserves bytes before they are received. @throws ApiError 429, 503 */
  reserve(bytes: number): void {
    if (bytes <= SMALL_BODY_BYTES || bytes <= this.charged) return;
    this.quota.acquire(this.client, bytes - this.charged);
    this.charged = bytes;
  }

  /** Counts received bytes. @throws ApiError 429, 503 */
  add(bytes: number): void {
    this.received += bytes;
    this.reserve(this.received);
  }

  close(): void {
    if (this.charged > 0) this.quota.release(this.client, this.charged);
    this.charged = 0;
  }
}

/** Key of the client: the user, or the network of a request without a user. */
function clientOf(request: Request): string {
  const user = request.user as ApiUser | undefined;
  return user ? `user ${user.id}` : networkOf(request.ip ?? '');
}

/**
 * Waits until the handler ends the response. The events of the response do not tell this: if the client goes away, `close`
 * comes before the handler has finished, and `finish` never comes. Answers that are streamed are not ended either then, so
 * that a handler has a limited time after `close`.
 */
function untilEnded(response: Response, clock: Clock): Promise<void> {
  const end = response.end.bind(response) as (...parameters: unknown[]) => Response;
  return new Promise((resolve) => {
    const limitTime = (): void => void clock.after(MAX_AFTER_CLOSE_MS, resolve);
    response.end = (...parameters: unknown[]) => {
      resolve();
      return end(...parameters);
    };
    if (response.closed) limitTime();
    else response.once('close', limitTime);
  });
}
