import { Inject, Injectable } from '@nestjs/common';
import { doubleCsrf, type DoubleCsrfUtilities } from 'csrf-csrf';
import type { Request, Response } from 'express';
import { deriveKey } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import { rejected, type ApiError } from '../../errors/api-error';
import { cookieOf, SESSION_COOKIE } from './session.strategy';

const CSRF_COOKIE = 'csrf';

/**
 * CSRF tokens, with the double-submit pattern: the token is in a cookie and in the page, and is bound to the session.
 * Browsers add cookies to requests of other sites, but other sites cannot read the token.
 */
@Injectable()
export class CsrfTokens {
  private readonly csrf: DoubleCsrfUtilities;

  constructor(@Inject(SETTINGS) settings: Settings) {
    const secret = deriveKey('csrf', settings).toString('base64url');
    this.csrf = doubleCsrf({
      getSecret: () => secret,
      getSessionIdentifier: (request) => cookieOf(request, SESSION_COOKIE) ?? '',
      getCsrfTokenFromRequest: readToken,
      cookieName: CSRF_COOKIE,
    });
  }

  /** Returns the token for a page, and sets its cookie. */
  tokenFor(request: Request, response: Response): string {
    return this.csrf.generateCsrfToken(request, response, {
      // Replaces a cookie that is missing or not a string.
      overwrite: cookieOf(request, CSRF_COOKIE) === undefined,
      cookieOptions: { httpOnly: true, sameSite: 'lax', secure: request.secure },
    });
  }

  /** Whether the request has the token of its cookie and session. */
  isValid(request: Request): boolean {
    return this.csrf.validateRequest(request);
  }
}

/** The error of a request with a session cookie whose token is missing or wrong. */
export const csrfTokenNeeded = (): ApiError =>
  rejected(
    403,
    'INVALID_SENDER',
    'Requests with a session cookie need a valid header X-CSRF-Token to change data.',
  );

/** Scripts send the token in a header, forms in a field; forms with files in the query, because they are read later. */
function readToken(request: Request): string | undefined {
  const { headers, query } = request;
  const body = (request.body ?? {}) as Record<string, unknown>;
  const inForm: unknown = request.is('multipart/form-data') ? query['csrf'] : body['csrf'];
  const token = headers['x-csrf-token'] ?? inForm;
  return typeof token === 'string' ? token : undefined;
}
