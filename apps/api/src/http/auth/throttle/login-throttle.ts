import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import { tooManyRequests } from '../../errors/api-error';
import { FailureCounter, TooManyFailures } from './failure-counter';
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
  private readonly perUser: FailureCounter;
  private readonly perAddress: FailureCounter;

  constructor(@Inject(SETTINGS) { loginLimits }: Settings, @Inject(CLOCK) clock: Clock) {
    const { failuresPerUser, failuresPerAddress, withinMs } = loginLimits;
    this.perUser = new FailureCounter(failuresPerUser, withinMs, clock);
    this.perAddress = new FailureCounter(failuresPerAddress, withinMs, clock);
  }

  /**
   * Lets a client try to log in. A success forgives the user's failures, but not those of the address.
   * @param logIn gives undefined when the login failed
   * @throws ApiError 429 when too many logins failed before, and what `logIn` throws
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
        this.perUser.forgive(user);
        this.perAddress.giveBack(address);
      }
      return result;
    } catch (error) {
      this.perUser.giveBack(user);
      this.perAddress.giveBack(address);
      throw error;
    }
  }

  private async begin(user: string, address: string): Promise<void> {
    // An address that has to wait leaves no trace of the users it tries.
    this.perAddress.check(address);
    await this.perUser.begin(user);
    try {
      await this.perAddress.begin(address);
    } catch (error) {
      this.perUser.giveBack(user);
      throw error;
    }
  }
}

const userKey = ({ email, address }: Attempt): string =>
  `${networkOf(address)} ${email.trim().toLowerCase().slice(0, MAX_EMAIL_LENGTH)}`;

const tooManyFailures = (waitS: number) =>
  tooManyRequests(`Too many failed logins. Try again in ${waitS} seconds.`, waitS);
