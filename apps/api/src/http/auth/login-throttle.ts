import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { SETTINGS, type Settings } from '#lib/config';
import { ApiError } from '../errors/api-error';
import { networkOf } from './network';

/** Where a login comes from, and for whom. */
export interface Attempt {
  email: string;
  /** Network address of the client. */
  address: string;
}

/** Longer ones belong to nobody; they are counted together. */
const MAX_EMAIL_LENGTH = 255;

/** Makes clients wait whose logins fail too often. Logins that succeed cost nothing. */
@Injectable()
export class LoginThrottle {
  private readonly perUser: RateLimiterMemory;
  private readonly perAddress: RateLimiterMemory;

  constructor(@Inject(SETTINGS) { loginLimits }: Settings) {
    const { failuresPerUser, failuresPerAddress, withinMs } = loginLimits;
    const duration = withinMs / 1000;
    this.perUser = new RateLimiterMemory({ keyPrefix: 'user', points: failuresPerUser, duration });
    this.perAddress = new RateLimiterMemory({ keyPrefix: 'address', points: failuresPerAddress, duration });
  }

  /** @throws ApiError 429 when too many logins failed before. */
  async check(attempt: Attempt): Promise<void> {
    const waits = [
      waitMs(this.perUser, await this.perUser.get(userKey(attempt))),
      waitMs(this.perAddress, await this.perAddress.get(networkOf(attempt.address))),
    ];
    const longestMs = Math.max(...waits);
    if (longestMs > 0) throw tooManyFailures(Math.ceil(longestMs / 1000));
  }

  async countFailure(attempt: Attempt): Promise<void> {
    await this.perUser.penalty(userKey(attempt));
    await this.perAddress.penalty(networkOf(attempt.address));
  }

  /** After a good login, earlier failures were slips. */
  async forgive(attempt: Attempt): Promise<void> {
    await this.perUser.delete(userKey(attempt));
  }
}

const userKey = ({ email, address }: Attempt): string =>
  `${networkOf(address)} ${email.trim().toLowerCase().slice(0, MAX_EMAIL_LENGTH)}`;

const waitMs = ({ points }: RateLimiterMemory, state: RateLimiterRes | null): number =>
  state && state.consumedPoints >= points ? state.msBeforeNext : 0;

const tooManyFailures = (waitS: number): ApiError =>
  new ApiError(
    429,
    {
      message: `Too many failed logins. Try again in ${waitS} seconds.`,
      result: 'Rejected',
      status: 'TOO_MANY_REQUESTS',
    },
    { 'Retry-After': String(waitS) },
  );
