import { Controller, Ip, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { AuthenticationService } from '#lib/accounts';
import { CredentialsOfBody } from '../../http/auth/authentication/credentials';
import { LoginService, type LoginCredentials } from '../../http/auth/throttle/login.service';
import { MissingCredentials, NotAuthenticated } from '../../http/schema/failures.dto';
import { Operation } from '../../http/schema/operation';
import { AuthToken, Credentials } from './request-auth-token.dto';

/** Issues authentication tokens for credentials. */
@Controller('api/requestAuthToken')
export class RequestAuthTokenController {
  constructor(
    private readonly logins: LoginService,
    private readonly authentication: AuthenticationService,
  ) {}

  @Post()
  @ApiBody({ type: Credentials })
  @Operation('requestAuthToken', {
    answer: AuthToken,
    errors: [429],
    errorBodies: { 400: MissingCredentials, 401: NotAuthenticated },
    isPublic: true,
  })
  async requestToken(@CredentialsOfBody() credentials: LoginCredentials, @Ip() address: string) {
    const user = await this.logins.logIn(credentials, address);
    return { auth_token: await this.authentication.issueToken(user), user_id: user.id, status: 200 };
  }
}
