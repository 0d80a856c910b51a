import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { AuthenticationService } from '#lib/accounts';
import { ApiError, unauthenticated } from '../errors/api-error';
import { Public } from './public';

/** Gives tokens for credentials. */
@Controller('api/requestAuthToken')
export class RequestAuthTokenController {
  constructor(private readonly authentication: AuthenticationService) {}

  @Post()
  @Public()
  @HttpCode(200)
  async requestToken(@Body() body: unknown) {
    const email = parameter(body, 'email');
    const password = parameter(body, 'password');
    const user = await this.authentication.logIn(email, password);
    if (!user) throw unauthenticated();
    return { auth_token: await this.authentication.issueToken(user), user_id: user.id, status: 200 };
  }
}

function parameter(body: unknown, name: string): string {
  const value =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  const message = `Please provide the '${name}' parameter.`;
  throw new ApiError(400, { status: 'INVALID_REQUEST', message, result: 'Rejected' });
}
