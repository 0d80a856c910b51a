import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { errorMessage } from '#lib/errors';
import { toTokenRequestError } from '../auth/authentication/credentials';
import { ApiError } from '../errors/api-error';
import { toApiError } from './to-api-error';
import { KnownRoutes } from './known-routes';
import { requestIdOf } from './request-id';
import { loggablePath } from './request-log';

const INTERNAL_ERROR = new ApiError(500, {
  message: 'Something went wrong on our side. The request was not carried out.',
  status: 'INTERNAL_SERVER_ERROR',
});

/** Converts every error to a response of the API. Stack traces go to the log only. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Api');

  constructor(private readonly routes: KnownRoutes) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    // Nest throws NotFoundException when no route matches.
    const failure =
      error instanceof NotFoundException
        ? this.routes.answer(request, response)
        : this.convert(error, request);
    if (response.writableEnded) return;
    const { httpStatus, body, headers } = this.describe(failure ?? INTERNAL_ERROR, request);
    if (httpStatus >= 500) this.log(error, httpStatus, request, response);
    // Headers are sent already: the response can only be aborted.
    if (response.headersSent) response.destroy();
    else response.status(httpStatus).set(headers).json(body);
  }

  /** The error of the API for a failure; undefined for an unexpected one. */
  protected convert(error: unknown, request: Request): ApiError | undefined {
    return toApiError(error, request);
  }

  /** The error as clients of this path know it. */
  protected describe(failure: ApiError, { path }: Request): ApiError {
    return toTokenRequestError(path, failure);
  }

  private log(
    error: unknown,
    httpStatus: number,
    { method, originalUrl }: Request,
    response: Response,
  ): void {
    const request = `${method} ${loggablePath(originalUrl)} failed: status=${httpStatus} request=${requestIdOf(response)}`;
    if (httpStatus === 503) this.logger.warn(`${request} reason="${messageOf(error)}"`);
    else
      this.logger.error(
        `${request} reason="${messageOf(error)}"`,
        error instanceof Error ? error.stack : undefined,
      );
  }
}

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return errorMessage(error);
};
