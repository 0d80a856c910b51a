import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

export const REQUEST_ID = 'X-Request-ID';

/** What may go into logs and headers as it came. */
const SANE = /^[\w.:@/+=-]{1,128}$/;

/** Gives every request an id, the sender's if it has a sane one, and sends it back. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SANE.test(given) ? given : randomUUID();
  response.setHeader(REQUEST_ID, id);
  next();
}

/** The id of a request that is being answered. */
export const requestIdOf = (response: Response): string => String(response.getHeader(REQUEST_ID) ?? '');
