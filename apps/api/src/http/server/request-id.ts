import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

export const REQUEST_ID = 'X-Request-ID';

/** Ids of clients that are safe to write to logs and headers. */
const VALID_ID = /^[\w.:@/+=-]{1,128}$/;

/** Assigns an id to every request, the client's if it is valid, and sends it in the response. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && VALID_ID.test(given) ? given : randomUUID();
  response.setHeader(REQUEST_ID, id);
  next();
}

/** The id of the request of a response. */
export const requestIdOf = (response: Response): string => String(response.getHeader(REQUEST_ID) ?? '');
