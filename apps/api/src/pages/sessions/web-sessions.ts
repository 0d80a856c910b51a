import { Inject, Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { AuthenticationService, EndedSessions, type User } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import { SESSION_COOKIE } from '../../http/auth/authentication/session.strategy';
import type { PageRequest } from './page-request';

/** Starts and ends sessions of browsers. */
@Injectable()
export class WebSessions {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly ended: EndedSessions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async begin(user: User, request: Request, response: Response): Promise<void> {
    const maxAge = this.settings.sessionLifetimeMs;
    const session = await this.authentication.openSession(user);
    response.cookie(SESSION_COOKIE, session, { ...optionsFor(request), maxAge });
  }

  async end(request: PageRequest, response: Response): Promise<void> {
    if (request.user?.session) await this.ended.end(request.user.session);
    response.clearCookie(SESSION_COOKIE, optionsFor(request));
  }
}

/** Scripts cannot read the cookie. Over HTTPS, it is marked as secure. */
const optionsFor = ({ secure }: Request): CookieOptions => ({ httpOnly: true, sameSite: 'lax', secure });
