import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AuthenticationService, TwoFactorService, type User } from '#lib/accounts';
import type { SecondFactor } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { rejected, tooBusy, tooManyRequests, unauthenticated, type ApiError } from '../../errors/api-error';
import { LoginThrottle } from './login-throttle';
import { networkOf } from './network';
import { SecondFactorNeeded, wrongSecondFactor } from './second-factor';

/** E-mail address and password, and the code of the second factor if there is one. */
export interface LoginCredentials {
  email: string;
  password: string;
  code?: string;
}

/** Codes that are mailed to one user. */
const MAILED_CODES = { points: 10, duration: 3600 };

/** Logs users in with a limit on failures, for the API and for web pages. */
@Injectable()
export class LoginService {
  private readonly mailed = new RateLimiterMemory(MAILED_CODES);

  constructor(
    private readonly authentication: AuthenticationService,
    private readonly factors: TwoFactorService,
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * @throws SecondFactorNeeded if the password is right and a code is needed
   * @throws ApiError 401 for wrong credentials, 403 for a wrong code, 429 after too many failures, 503 if too many logins are
   *   waiting
   */
  logIn({ email, password, code }: LoginCredentials, address: string): Promise<User> {
    const find = () => this.authentication.findByPassword(email, password, networkOf(address));
    return this.attempt({ email, address }, find, code);
  }

  /**
   * Completes a login whose password was right.
   * @param challenge of `AuthenticationService.issueChallenge`
   * @throws ApiError as `logIn`
   */
  async completeLogIn(challenge: string, code: string, address: string): Promise<User> {
    const user = await this.authentication.findByChallenge(challenge);
    if (!user) throw unauthenticated();
    return this.attempt({ email: user.email, address }, () => Promise.resolve(user), code);
  }

  /** A wrong code counts as a failure, a missing one neither as a failure nor as a success. */
  private async attempt(
    attempt: { email: string; address: string },
    find: () => Promise<User | undefined>,
    code: string | undefined,
  ): Promise<User> {
    let failure: ApiError = unauthenticated();
    const user = await this.throttle
      .attempt(attempt, async () => {
        const found = await find();
        const needed = found && (await this.factors.getState(found.id)).needed;
        if (!found || needed === undefined) return found;
        if (code === undefined) throw await this.challenge(found, needed);
        if (await this.factors.verify(found.id, code)) return found;
        failure = wrongSecondFactor();
        return undefined;
      })
      .catch((error: unknown) => {
        throw error instanceof DomainError ? toLoginError(error) : error;
      });
    if (!user) throw failure;
    await this.authentication.recordLogin(user);
    return user;
  }

  private async challenge(user: User, needed: SecondFactor): Promise<ApiError> {
    if (needed === 'mail') {
      const { consumedPoints, msBeforeNext } = await this.mailed.penalty(user.id);
      if (consumedPoints > this.mailed.points)
        return tooManyRequests('Too many codes were sent by e-mail.', Math.ceil(msBeforeNext / 1000));
      await this.factors.mailCode(user);
    }
    return new SecondFactorNeeded(user, needed);
  }
}

function toLoginError(error: DomainError): Error {
  if (error.code === 'TOO_BUSY') return tooBusy(error.message);
  if (error.code === 'TWO_FACTOR_UNAVAILABLE')
    return rejected(403, 'SECOND_FACTOR_UNAVAILABLE', error.message);
  return error;
}
