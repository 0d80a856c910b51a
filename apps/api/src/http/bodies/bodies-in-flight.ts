import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { FairSemaphore } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import type { ApiUser } from '../auth/authentication/api-user';
import { networkOf } from '../auth/throttle/network';
import { Quota } from './quota';

/** Bodies up to this size are taken, and parsed, without further ado. */
export const SMALL_BODY_BYTES = 16_000;

/** Parsed, and on its way into the database, a body takes some twenty times its size. */
const BYTES_PROCESSED_AT_ONCE = 4_000_000;

/** Files that are received or read. */
const UPLOADS = { perClient: 4, total: 16 };

/** Bounds what bodies that are being received and processed take of memory and time, per client and in all. */
@Injectable()
export class BodiesInFlight {
  private readonly bytes: Quota;
  private readonly uploads = new Quota(UPLOADS, 'too many files');
  private readonly processing = new FairSemaphore({
    capacity: BYTES_PROCESSED_AT_ONCE,
    // The quota bounds what waits.
    maxWaiting: Infinity,
    maxWaitingPerKey: Infinity,
  });

  constructor(@Inject(SETTINGS) { maxBodyBytes }: Settings) {
    this.bytes = new Quota({ perClient: 1.5 * maxBodyBytes, total: 3 * maxBodyBytes }, 'too much');
  }

  /** Charges for one body. It must be closed. */
  open(request: Request): BodyAccount {
    return new BodyAccount(this.bytes, clientOf(request));
  }

  /** Processes the body of an account, after others if need be. */
  process<T>({ client, bytes }: BodyAccount, work: () => Promise<T>): Promise<T> {
    return this.processing.run(client, work, bytes);
  }

  /** Receives and processes a file. @throws ApiError 429, 503 when too many are under way */
  async upload<T>(request: Request, work: () => Promise<T>): Promise<T> {
    const client = clientOf(request);
    this.uploads.take(client, 1);
    try {
      return await work();
    } finally {
      this.uploads.giveBack(client, 1);
    }
  }
}

/** What one body takes of the quota for all; nothing while it is small. */
export class BodyAccount {
  private received = 0;
  private charged = 0;

  constructor(
    private readonly quota: Quota,
    /** Whom it is charged to. */
    readonly client: string,
  ) {}

  /** Bytes received so far. */
  get bytes(): number {
    return this.received;
  }

  /** Charges for so many bytes in advance. @throws ApiError 429, 503 */
  expect(bytes: number): void {
    if (bytes <= SMALL_BODY_BYTES || bytes <= this.charged) return;
    this.quota.take(this.client, bytes - this.charged);
    this.charged = bytes;
  }

  /** Takes note of bytes that have been received. @throws ApiError 429, 503 */
  add(bytes: number): void {
    this.received += bytes;
    this.expect(this.received);
  }

  close(): void {
    if (this.charged > 0) this.quota.giveBack(this.client, this.charged);
    this.charged = 0;
  }
}

/** Users wherever they are, and visitors by where they are. */
function clientOf(request: Request): string {
  const user = request.user as ApiUser | undefined;
  return user ? `user ${user.id}` : networkOf(request.ip ?? '');
}
