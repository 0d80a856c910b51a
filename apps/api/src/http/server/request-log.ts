import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { requestIdOf } from './request-id';

/** A run of at least 40 such characters is taken for a token. */
const SECRET = /[\w.~-]{40,}/g;

/** Path and query without tokens, for logs. */
export function loggablePath(url: string): string {
  const [path = '', query] = url.split('?', 2);
  const shown = query?.split('&').map((part) => {
    const [key = ''] = part.split('=', 1);
    return tryDecode(key) === 'auth_token' ? `${key}=[redacted]` : part;
  });
  return [path, ...(shown ? [shown.join('&')] : [])].join('?').replace(SECRET, '[redacted]');
}

/** Logs each request after its response: id, method, path, status, duration in ms, user id. */
export const requestLog = (logger: Logger) =>
  pinoHttp<Request, Response>({
    logger: logger.child({ context: 'Http' }),
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request' },
    genReqId: (_request, response) => requestIdOf(response),
    customSuccessObject: logFieldsOf,
    customErrorObject: (request, response, _error, value: object) => logFieldsOf(request, response, value),
    customSuccessMessage: messageOf,
    customErrorMessage: (request, response, _error) => messageOf(request, response),
  });

function logFieldsOf(request: Request & { user?: { id?: number } }, response: Response, value: object) {
  const { responseTime: ms } = value as { responseTime: number };
  const { method, originalUrl, user } = request;
  return { method, path: loggablePath(originalUrl), status: response.statusCode, ms, user: user?.id };
}

const messageOf = ({ method, originalUrl }: Request, { statusCode }: Response): string =>
  `${method} ${loggablePath(originalUrl)} ${statusCode}`;

function tryDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
