import { Injectable } from '@nestjs/common';
import { AuthenticationService, type User } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { tooBusy, unauthenticated } from '../../errors/api-error';
import { LoginThrottle } from './login-throttle';
import { networkOf } from './network';

/** E-mail address and password. */
export interface LoginCredentials {
  email: string;
  password: string;
}

/** Logs users in with a limit on failures, for the API and for web pages. */
@Injectable()
export class LoginService {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws ApiError 401 for wrong credentials, 429 after too many failures, 503 if too many logins are waiting */
  async logIn({ email, password }: LoginCredentials, address: string): Promise<User> {
    const user = await this.throttle
      .attempt({ email, address }, () => this.authentication.logIn(email, password, networkOf(address)))
      .catch((error: unknown) => {
        throw error instanceof DomainError && error.code === 'TOO_BUSY' ? tooBusy(error.message) : error;
      });
    if (!user) throw unauthenticated();
    return user;
  }
}
