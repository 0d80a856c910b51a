import { createSecretKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-jwt';
import { AuthenticationService, secretKey, type TokenPayload } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import type { ApiUser } from './api-user';

/** Authenticates a request by its token: in the configured header, with or without "Bearer", or in the query. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly authentication: AuthenticationService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    super({
      jwtFromRequest: (request: Request) => tokenOf(request, settings.tokenHeader),
      // A KeyObject, because jsonwebtoken would try to parse a string as a public key each time. The types lack it.
      secretOrKey: createSecretKey(secretKey(settings), 'utf8') as unknown as Buffer,
      algorithms: ['HS256'],
      // AuthenticationService checks the expiry with the injected clock.
      ignoreExpiration: true,
    });
  }

  /** Finds the user of a verified token; false if the token was invalidated. */
  async validate(payload: TokenPayload): Promise<ApiUser | false> {
    return (await this.authentication.findUserByToken(payload)) ?? false;
  }
}

function tokenOf(request: Request, header: string): string | null {
  const value = request.headers[header.toLowerCase()];
  if (typeof value === 'string') return value.replace(/^Bearer\s+/i, '').trim();
  const { auth_token: token } = request.query;
  return typeof token === 'string' ? token : null;
}
