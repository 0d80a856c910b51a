import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { quoted } from '#lib/errors';
import { CLOCK, HOUR_MS, type Clock } from '#lib/time';

/** Who sent a request. */
export interface Client {
  id: number;
  /** The device token of the request. */
  device?: { name: string };
}

/** Clients and endpoints whose warnings are remembered. */
const MAX_REMEMBERED = 10_000;

/** Warns in the log about clients that use what is deprecated, once an hour for each client and endpoint. */
@Injectable()
export class DeprecationWarnings {
  private readonly logger = new Logger('Deprecation');
  /** When the last warning was logged, by client and endpoint. */
  private readonly warnedAt = new LRUCache<string, number>({ max: MAX_REMEMBERED });

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @param what is deprecated, as the beginning of a sentence with its fields
   * @param endpoint method and path of the route, such as `GET /api/v2_0/asset/:id`
   */
  warn(what: string, endpoint: string, { id, device }: Client): void {
    const client = device ? `user ${id}, token ${quoted(device.name)}` : `user ${id}`;
    const key = `${client} ${endpoint}`;
    const nowMs = this.clock.now();
    const lastMs = this.warnedAt.get(key);
    if (lastMs !== undefined && nowMs - lastMs < HOUR_MS) return;
    this.warnedAt.set(key, nowMs);
    this.logger.warn(`${what} endpoint="${endpoint}" client="${client}"`);
  }
}
