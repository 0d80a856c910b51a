import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import { tooManyRequests } from '../../errors/api-error';
import { FailureCounter, TooManyFailures } from './failure-counter';
import { networkOf } from './network';

/** An attempt to log in. */
export interface Attempt {
  email: string;
  /** Network address of the client. */
  address: string;
}

/** Longer e-mail addresses do not exist; their attempts are counted together. */
const MAX_EMAIL_LENGTH = 255;

/** Limits failed logins per user and network, and per network. Successful logins are not limited. */
@Injectable()
export class LoginThrottle {
  private readonly perUser: FailureCounter;
  private readonly perAddress: FailureCounter;

  constructor(@Inject(SETTINGS) { loginLimits }: Settings, @Inject(CLOCK) clock: Clock) {
    const { failuresPerUser, failuresPerAddress, withinMs } = loginLimits;
    this.perUser = new FailureCounter(failuresPerUser, withinMs, clock);
    this.perAddress = new FailureCounter(failuresPerAddress, withinMs, clock);
  }

  /**
   * Runs `logIn` within the limits. A success resets the failures of the user, but not those of the network.
   * @param logIn returns undefined if the login failed
   * @throws ApiError 429 after too many failures, and the errors of `logIn`
   */
  async attempt<T>(attempt: Attempt, logIn: () => Promise<T | undefined>): Promise<T | undefined> {
    const [user, address] = [userKey(attempt), networkOf(attempt.address)];
    await this.begin(user, address).catch((error: unknown) => {
      throw error instanceof TooManyFailures ? tooManyFailures(Math.ceil(error.waitMs / 1000)) : error;
    });
    try {
      const result = await logIn();
      if (result === undefined) {
        this.perUser.fail(user);
        this.perAddress.fail(address);
      } else {
        this.perUser.reset(user);
        this.perAddress.release(address);
      }
      return result;
    } catch (error) {
      this.perUser.release(user);
      this.perAddress.release(address);
      throw error;
    }
  }

  private async begin(user: string, address: string): Promise<void> {
    // First the network, so that a blocked network adds no failures to users.
    this.perAddress.check(address);
    await this.perUser.begin(user);
    try {
      await this.perAddress.begin(address);
    } catch (error) {
      this.perUser.release(user);
      throw error;
    }
  }
}

const userKey = ({ email, address }: Attempt): string =>
  `${networkOf(address)} ${email.trim().toLowerCase().slice(0, MAX_EMAIL_LENGTH)}`;

const tooManyFailures = (waitS: number) =>
  tooManyRequests(`Too many failed logins. Try again in ${waitS} seconds.`, waitS);
