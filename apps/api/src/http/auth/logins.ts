import { Injectable } from '@nestjs/common';
import { AuthenticationService, type User } from '#lib/accounts';
import { unauthenticated } from '../errors/api-error';
import { LoginThrottle } from './login-throttle';

/** E-mail address and password. */
export interface GivenCredentials {
  email: string;
  password: string;
}

/** The way in, for the API and for web pages. */
@Injectable()
export class Logins {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws ApiError 401 for wrong credentials, 429 after too many of them. */
  async logIn({ email, password }: GivenCredentials, address: string): Promise<User> {
    const attempt = { email, address };
    await this.throttle.check(attempt);
    const user = await this.authentication.logIn(email, password);
    if (!user) {
      await this.throttle.countFailure(attempt);
      throw unauthenticated();
    }
    // Guesses that were sent at once all passed the first check; what they found out must not help.
    await this.throttle.check(attempt);
    await this.throttle.forgive(attempt);
    return user;
  }
}
