import { createSecretKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-jwt';
import { AuthenticationService, secretKey, type TokenPayload } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import type { ApiUser } from './api-user';

/** Reads the token of a request: from the configured header, bare or after "Bearer", or from the query. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly authentication: AuthenticationService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    super({
      jwtFromRequest: (request: Request) => tokenOf(request, settings.tokenHeader),
      // A text would be tried as a public key each time, which costs more than the rest; the types know no keys.
      secretOrKey: createSecretKey(secretKey(settings), 'utf8') as unknown as Buffer,
      algorithms: ['HS256'],
      // AuthenticationService checks it by the clock of the process.
      ignoreExpiration: true,
    });
  }

  /** Turns a verified token into who asks; false when it has been ended. */
  async validate(payload: TokenPayload): Promise<ApiUser | false> {
    return (await this.authentication.userOf(payload)) ?? false;
  }
}

function tokenOf(request: Request, header: string): string | null {
  const value = request.headers[header.toLowerCase()];
  if (typeof value === 'string') return value.replace(/^Bearer\s+/i, '').trim();
  const { auth_token: token } = request.query;
  return typeof token === 'string' ? token : null;
}
