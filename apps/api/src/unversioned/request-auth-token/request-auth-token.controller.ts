import { Controller, Ip, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { AuthenticationService, type User } from '#lib/accounts';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { credentialsIn, emailWithoutPassword } from '../../http/auth/authentication/credentials';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import { OptionalAuth } from '../../http/auth/authentication/public';
import { LoginService } from '../../http/auth/throttle/login.service';
import { ApiBody } from '../../http/contract/metadata';
import { MissingCredentials, NotAuthenticated } from '../../http/schema/failures.dto';
import { Operation } from '../../http/schema/operation';
import { AuthToken, Credentials } from './request-auth-token.dto';

/** Issues authentication tokens for credentials. */
@Controller('api/requestAuthToken')
export class RequestAuthTokenController {
  constructor(
    private readonly logins: LoginService,
    private readonly authentication: AuthenticationService,
    private readonly csrf: CsrfTokens,
  ) {}

  @Post()
  @ApiBody({ type: Credentials })
  @Operation('requestAuthToken', {
    answer: AuthToken,
    errors: [403, 429],
    errorBodies: { 400: MissingCredentials, 401: NotAuthenticated },
    isPublic: true,
  })
  @OptionalAuth()
  async requestToken(@Req() request: Request, @Ip() address: string) {
    const user =
      (await this.userOfSession(request)) ?? (await this.logins.logIn(credentialsIn(request.body), address));
    return { auth_token: await this.authentication.issueToken(user), user_id: user.id, status: 200 };
  }

  /**
   * The user who is logged in with a session, who need not send a password. As every request of a session that changes data,
   * this one needs a CSRF token.
   */
  private async userOfSession(request: Request): Promise<User | undefined> {
    const email = emailWithoutPassword(request.body);
    const requester = request.user as ApiUser | undefined;
    if (email === undefined || !requester?.session || !this.csrf.isValid(request)) return undefined;
    return this.authentication.findTokenOwner(requester.id, email);
  }
}
