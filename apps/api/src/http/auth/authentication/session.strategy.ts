import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-jwt';
import { AuthenticationService, deriveKey, type AuthenticatedUser, type SessionPayload } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import type { ApiUser } from './api-user';

export const SESSION_COOKIE = 'session';

/** Authenticates a request by its session cookie. */
@Injectable()
export class SessionStrategy extends PassportStrategy(Strategy, 'browser-session') {
  constructor(
    private readonly authentication: AuthenticationService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    super({
      jwtFromRequest: (request: Request) => cookieOf(request, SESSION_COOKIE) ?? null,
      secretOrKey: deriveKey('session', settings),
      algorithms: ['HS256'],
      // AuthenticationService checks the expiry with the injected clock.
      ignoreExpiration: true,
    });
  }

  /** Finds the user of a request that was authenticated by its cookie before, as the session is now. */
  async findUserAgain(request: Request): Promise<ApiUser | undefined> {
    const { decode } = await import('jsonwebtoken');
    // The signature was verified when the request began.
    const payload = decode(cookieOf(request, SESSION_COOKIE) ?? '') as SessionPayload | null;
    const user = payload && (await this.authentication.findUserAgain(payload));
    return user ? withSession(user, payload) : undefined;
  }

  /** Finds the user of a verified cookie; false if the session has expired or was ended. */
  async validate(payload: SessionPayload): Promise<ApiUser | false> {
    const user = await this.authentication.findUserByToken(payload);
    return user ? withSession(user, payload) : false;
  }
}

const withSession = (user: AuthenticatedUser, { jti, exp }: SessionPayload): ApiUser => ({
  ...user,
  session: { jti, exp },
});

/** The value of a cookie; undefined if it was not sent. */
export function cookieOf(request: Request, name: string): string | undefined {
  const cookies = request.cookies as Record<string, unknown> | undefined;
  const value = cookies?.[name];
  return typeof value === 'string' ? value : undefined;
}
