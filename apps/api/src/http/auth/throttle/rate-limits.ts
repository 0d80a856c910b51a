import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Request, Response } from 'express';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  RLWrapperTimeouts,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { AccountPlan } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import { formatRateLimit, parseRateLimit, type RateLimit, type TriggerKey } from '#lib/config/model';
import { CLOCK, SECOND_MS, type Clock } from '#lib/time';
import { tooManyRequests } from '../../errors/api-error';
import { REPLAYED } from '../../headers/replayed';
import { networkOf } from './network';

/** The user whose requests are counted. */
interface CountedUser {
  id: number;
  accountId: number;
  plan: AccountPlan | null;
}

/** The asset that a schedule or a forecast is about, or its sensor. */
type Subject = { id: number; assetId?: number } | undefined;

/** Counts of requests of one kind, in Redis or in this process. */
type CreateLimiter = (limit: RateLimit, keyPrefix: string) => RateLimiterAbstract;

/** The API and its pages, but not what visitors see: logging in has limits of its own. */
const LIMITED = /^\/(?!(?:login|logout|reset-password|confirm-email|docs|openapi\.json|rq|tasks)?(?:\/|$))/i;
const HEALTH = /^\/api\/v3_0\/health(?:\/|$)/i;
const LOOPBACK = /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/i;

/** A store that does not answer within this time is not waited for: the request is not limited. */
const STORE_TIMEOUT_MS = 500;

/**
 * Limits how often users, and clients without a user, may use the API, and how many schedules and forecasts an account may
 * ask for. Limits are those of the plan of the account, which comes with the user, or those of the settings. The counts are in
 * Redis if it is configured, so that all servers share them, and otherwise in this process. While Redis cannot be reached, each
 * server counts for itself.
 */
@Injectable()
export class RateLimits implements OnApplicationBootstrap {
  private readonly logger = new Logger(RateLimits.name);
  private readonly limiters = new Map<string, RateLimiterAbstract>();
  private readonly isLocalhostExempt: boolean;
  private create: CreateLimiter = inMemory;

  constructor(
    private readonly modules: ModuleRef,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.isLocalhostExempt = settings.trustProxy === false || settings.trustProxy === 0;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.redis || !this.settings.rateLimits.isEnabled) return;
    const { RedisQueues } = await import('#lib/queues/redis');
    const { client } = this.modules.get(RedisQueues, { strict: false });
    this.limiters.clear();
    this.create = (limit, keyPrefix) => {
      const inRedis = new RateLimiterRedis({
        ...optionsOf(limit, keyPrefix),
        storeClient: client,
        rejectIfRedisNotReady: true,
        insuranceLimiter: inMemory(limit, keyPrefix),
      });
      return new RLWrapperTimeouts({ limiter: inRedis, timeoutMs: STORE_TIMEOUT_MS });
    };
  }

  /** Counts a request of a user, or of a network address. @throws ApiError 429 */
  async count(request: Request, response: Response, user?: CountedUser): Promise<void> {
    if (!LIMITED.test(request.path) || HEALTH.test(request.path) || this.isExempt(request)) return;
    const limit = this.limitOf(user?.plan?.defaultRateLimit, this.settings.rateLimits.requests);
    if (!limit) return;
    const key = user ? `user:${user.id}` : `address:${networkOf(request.ip ?? '')}`;
    await this.consume('requests', limit, key, response, 'You send too many requests');
  }

  /**
   * Counts a request for a schedule or a forecast, by the API or by a page, unless the answer refuses it or is that to an
   * earlier request.
   * @throws ApiError 429
   */
  async countTrigger(
    request: Request,
    response: Response,
    user: CountedUser,
    subject: Subject,
  ): Promise<void> {
    if (this.isExempt(request)) return;
    const { triggers, triggersPer } = this.settings.rateLimits;
    const limit = this.limitOf(user.plan?.triggerRateLimit, triggers);
    if (!limit) return;
    const per = user.plan?.rateLimitKey ?? triggersPer;
    const key = triggerKey(per, user, subject);
    const whose = per === 'user' ? 'You ask' : 'The account asks';
    let endMs = Infinity;
    response.once('close', () => {
      const isRefused = response.statusCode >= 400 || response.hasHeader(REPLAYED);
      if (isRefused && this.clock.now() < endMs) void this.refund('triggers', limit, key);
    });
    const reason = `${whose} for too many schedules and forecasts`;
    const leftMs = await this.consume('triggers', limit, key, response, reason);
    endMs = this.clock.now() + leftMs;
  }

  private isExempt({ socket }: Request): boolean {
    if (!this.settings.rateLimits.isEnabled) return true;
    return this.isLocalhostExempt && LOOPBACK.test(socket.remoteAddress ?? '');
  }

  /** The limit of a plan or, if it has none, of the settings; null: unlimited. */
  private limitOf(ofPlan: string | null | undefined, otherwise: RateLimit | null): RateLimit | null {
    if (ofPlan == null) return otherwise;
    const limit = parseRateLimit(ofPlan);
    return limit === undefined ? otherwise : limit;
  }

  private limiter(kind: string, limit: RateLimit): RateLimiterAbstract {
    const name = `rate-limit:${kind}:${limit.count}/${limit.perS}`;
    let limiter = this.limiters.get(name);
    if (!limiter) {
      limiter = this.create(limit, name);
      this.limiters.set(name, limiter);
    }
    return limiter;
  }

  /**
   * Counts under a key, and says in headers what is left.
   * @returns the time until counting starts anew, in milliseconds
   * @throws ApiError 429 if the limit is exceeded
   */
  private async consume(
    kind: string,
    limit: RateLimit,
    key: string,
    response: Response,
    reason: string,
  ): Promise<number> {
    const counted = await this.limiter(kind, limit)
      .consume(key)
      .catch((error: unknown) => {
        if (error instanceof RateLimiterRes) return error;
        this.logger.warn(`Requests are not limited: ${String(error)}`);
        return undefined;
      });
    if (!counted) return 0;
    const { remainingPoints, msBeforeNext, consumedPoints } = counted;
    response.setHeader('X-RateLimit-Limit', limit.count);
    response.setHeader('X-RateLimit-Remaining', remainingPoints);
    response.setHeader('X-RateLimit-Reset', Math.ceil((this.clock.now() + msBeforeNext) / SECOND_MS));
    if (consumedPoints <= limit.count) return msBeforeNext;
    const waitS = Math.max(1, Math.ceil(msBeforeNext / SECOND_MS));
    throw tooManyRequests(
      `${reason}: ${formatRateLimit(limit)} are allowed. Try again in ${waitS} seconds.`,
      waitS,
    );
  }

  private async refund(kind: string, limit: RateLimit, key: string): Promise<void> {
    await this.limiter(kind, limit)
      .reward(key)
      .catch((error: unknown) => this.logger.warn(`A count was not taken back: ${String(error)}`));
  }
}

const optionsOf = ({ count: points, perS: duration }: RateLimit, keyPrefix: string) => ({
  points,
  duration,
  keyPrefix,
});

const inMemory: CreateLimiter = (limit, keyPrefix) => new RateLimiterMemory(optionsOf(limit, keyPrefix));

function triggerKey(per: TriggerKey, { id, accountId }: CountedUser, subject: Subject): string {
  if (per === 'user') return `user:${id}`;
  const account = `account:${accountId}`;
  return per === 'account' || !subject ? account : `${account}:asset:${subject.assetId ?? subject.id}`;
}
