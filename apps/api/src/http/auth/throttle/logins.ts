import { Injectable } from '@nestjs/common';
import { AuthenticationService, type User } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { tooBusy, unauthenticated } from '../../errors/api-error';
import { LoginThrottle } from './login-throttle';
import { networkOf } from './network';

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

  /** @throws ApiError 401 for wrong credentials, 429 after too many of them, 503 when too many logins wait */
  async logIn({ email, password }: GivenCredentials, address: string): Promise<User> {
    const user = await this.throttle
      .attempt({ email, address }, () => this.authentication.logIn(email, password, networkOf(address)))
      .catch((error: unknown) => {
        throw error instanceof DomainError && error.code === 'TOO_BUSY' ? tooBusy(error.message) : error;
      });
    if (!user) throw unauthenticated();
    return user;
  }
}
