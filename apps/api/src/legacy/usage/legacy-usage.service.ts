import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ApiUsageService } from '#lib/api-usage';
import { quoted } from '#lib/errors';
import { CLOCK, HOUR_MS, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';

/** A request that a user sent to an old version. */
export interface LegacyUse {
  version: string;
  /** Method and path of the route, such as `GET /api/v2_0/asset/:id`. */
  endpoint: string;
  user: Pick<ApiUser, 'id' | 'device'>;
}

/** Clients and endpoints whose warnings are remembered. */
const MAX_REMEMBERED = 10_000;

/** Counts the use of old versions, and warns about it, once an hour for each client and endpoint. */
@Injectable()
export class LegacyUsage {
  private readonly logger = new Logger('LegacyApi');
  /** When the last warning was logged, by client and endpoint. */
  private readonly warnedAt = new LRUCache<string, number>({ max: MAX_REMEMBERED });

  constructor(
    private readonly usage: ApiUsageService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Records a request of an authenticated user. */
  record({ version, endpoint, user }: LegacyUse): void {
    this.usage.count(version, user.id);
    const client = user.device ? `user ${user.id}, token ${quoted(user.device.name)}` : `user ${user.id}`;
    const key = `${client} ${endpoint}`;
    const nowMs = this.clock.now();
    const lastMs = this.warnedAt.get(key);
    if (lastMs !== undefined && nowMs - lastMs < HOUR_MS) return;
    this.warnedAt.set(key, nowMs);
    this.logger.warn(
      `A deprecated version of the API is used: version=${version} endpoint="${endpoint}" client="${client}"`,
    );
  }
}
