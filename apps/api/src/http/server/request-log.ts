import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { requestIdOf } from './request-id';

/** So long a run of such characters is a token or the key of one. */
const SECRET = /[\w.~-]{40,}/g;

/** Path and query as logs may show them: without what grants access. */
export function loggablePath(url: string): string {
  const [path = '', query] = url.split('?', 2);
  const shown = query?.split('&').map((part) => {
    const [key = ''] = part.split('=', 1);
    return decoded(key) === 'auth_token' ? `${key}=[left out]` : part;
  });
  return [path, ...(shown ? [shown.join('&')] : [])].join('?').replace(SECRET, '[left out]');
}

/** Logs each request once it is answered: id, method, path, status, milliseconds, and who asked. */
export const requestLog = (logger: Logger) =>
  pinoHttp<Request, Response>({
    logger: logger.child({ context: 'Http' }),
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request' },
    genReqId: (_request, response) => requestIdOf(response),
    customSuccessObject: factsOf,
    customErrorObject: (request, response, _error, value: object) => factsOf(request, response, value),
    customSuccessMessage: messageOf,
    customErrorMessage: (request, response, _error) => messageOf(request, response),
  });

function factsOf(request: Request & { user?: { id?: number } }, response: Response, value: object) {
  const { responseTime: ms } = value as { responseTime: number };
  const { method, originalUrl, user } = request;
  return { method, path: loggablePath(originalUrl), status: response.statusCode, ms, user: user?.id };
}

const messageOf = ({ method, originalUrl }: Request, { statusCode }: Response): string =>
  `${method} ${loggablePath(originalUrl)} ${statusCode}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
