import type { NextFunction, Request, Response } from 'express';
import { rejected } from '../errors/api-error';

/** Load balancers ask for the health without HTTPS. */
const EXEMPT = /^\/api\/v3_0\/health(?:\/|$)/;

/**
 * Middleware that sends readers to HTTPS, and refuses requests that change something: what they contain was sent in the clear.
 * The header of a proxy counts even if the proxy is not trusted, because it gives a client nothing.
 */
export function httpsOnly(request: Request, response: Response, next: NextFunction): void {
  const forwarded = request.get('X-Forwarded-Proto')?.split(',')[0]?.trim().toLowerCase();
  if (request.secure || forwarded === 'https' || EXEMPT.test(request.path)) next();
  else if (['GET', 'HEAD'].includes(request.method))
    response.redirect(308, `https://${request.get('Host') ?? request.hostname}${request.originalUrl}`);
  else {
    const { httpStatus, body } = rejected(403, 'INVALID_SENDER', 'This server only accepts HTTPS.');
    response.status(httpStatus).json(body);
  }
}
