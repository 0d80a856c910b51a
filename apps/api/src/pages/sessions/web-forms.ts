import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ApiUser } from '../../http/auth/api-user';
import { CsrfTokens } from '../../http/auth/csrf-tokens';
import { cookieOf } from '../../http/auth/session.strategy';

/** A request to a page; the user is there when logged in. */
export type PageRequest = Request & { user?: ApiUser };

const VISITOR_COOKIE = 'visitor';

/** Makes sure that forms which are sent in are ours: each carries the CSRF token of its session, or of its visitor. */
@Injectable()
export class WebForms {
  constructor(private readonly csrf: CsrfTokens) {}

  /** The token for a form that is shown; visitors who have no session get a cookie for it. */
  tokenFor(request: PageRequest, response: Response): string {
    const session = request.user?.session;
    if (session) return this.csrf.tokenFor('session', session.jti);
    const visitor = cookieOf(request, VISITOR_COOKIE) ?? newVisitor(request, response);
    return this.csrf.tokenFor('visitor', visitor);
  }

  /** Whether a form that was sent in is ours. */
  isOurs(request: PageRequest): boolean {
    const token = fieldOf(request, 'csrf');
    const session = request.user?.session;
    if (session) return this.csrf.isGood('session', session.jti, token);
    const visitor = cookieOf(request, VISITOR_COOKIE);
    return visitor !== undefined && this.csrf.isGood('visitor', visitor, token);
  }
}

/** A field of a form that was sent in; empty when it is not there. */
export function fieldOf({ body }: Request, name: string): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}

function newVisitor(request: Request, response: Response): string {
  const visitor = randomBytes(16).toString('base64url');
  response.cookie(VISITOR_COOKIE, visitor, { httpOnly: true, sameSite: 'lax', secure: request.secure });
  return visitor;
}
