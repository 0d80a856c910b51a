import { Inject, Injectable } from '@nestjs/common';
import { doubleCsrf, type DoubleCsrfUtilities } from 'csrf-csrf';
import type { Request, Response } from 'express';
import { keyFor } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import { cookieOf, SESSION_COOKIE } from './session.strategy';

const CSRF_COOKIE = 'csrf';

/**
 * Tokens that only our own pages carry: a browser adds cookies to requests that other sites cause, but those sites
 * cannot read the token. It stands in a cookie and in the page, and belongs to the session of the browser, if any.
 */
@Injectable()
export class CsrfTokens {
  private readonly csrf: DoubleCsrfUtilities;

  constructor(@Inject(SETTINGS) settings: Settings) {
    const secret = keyFor('csrf', settings).toString('base64url');
    this.csrf = doubleCsrf({
      getSecret: () => secret,
      getSessionIdentifier: (request) => cookieOf(request, SESSION_COOKIE) ?? '',
      getCsrfTokenFromRequest: sentToken,
      cookieName: CSRF_COOKIE,
    });
  }

  /** The token for a page that is sent; its cookie goes with the response. */
  tokenFor(request: Request, response: Response): string {
    return this.csrf.generateCsrfToken(request, response, {
      // A cookie that holds no text is replaced.
      overwrite: cookieOf(request, CSRF_COOKIE) === undefined,
      cookieOptions: { httpOnly: true, sameSite: 'lax', secure: request.secure },
    });
  }

  /** Whether the request carries the token of its cookie and session. */
  isValid(request: Request): boolean {
    return this.csrf.validateRequest(request);
  }
}

/** Scripts send the token in a header, forms in a field. */
function sentToken({ headers, body }: Request): string | undefined {
  const token = headers['x-csrf-token'] ?? ((body ?? {}) as Record<string, unknown>)['csrf'];
  return typeof token === 'string' ? token : undefined;
}
