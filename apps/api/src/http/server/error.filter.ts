import {
  Catch,
  Inject,
  Logger,
  NotFoundException,
  Optional,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { errorMessage } from '#lib/errors';
import { toTokenRequestError } from '../auth/authentication/credentials';
import { ApiError } from '../errors/api-error';
import { toApiError } from './to-api-error';
import { ERROR_PAGES, wantsPage, type ErrorPages } from './error-pages';
import { KnownRoutes } from './known-routes';
import { requestIdOf } from './request-id';
import { loggablePath } from './request-log';

const INTERNAL_ERROR = new ApiError(500, {
  message: 'Something went wrong on our side. The request was not carried out.',
  status: 'INTERNAL_SERVER_ERROR',
});

/** Converts every error to a response of the API, or to a page for browsers. Stack traces go to the log only. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Api');

  constructor(
    private readonly routes: KnownRoutes,
    @Optional() @Inject(ERROR_PAGES) private readonly pages?: ErrorPages,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    // Nest throws NotFoundException when no route matches.
    const failure =
      error instanceof NotFoundException
        ? this.routes.answer(request, response)
        : this.convert(error, request);
    if (response.writableEnded) return;
    const sent = this.describe(failure ?? INTERNAL_ERROR, request);
    const { httpStatus, body, headers } = sent;
    const sendJson = () => response.status(httpStatus).set(headers).json(body);
    if (httpStatus >= 500) this.log(error, httpStatus, request, response);
    // Headers are sent already: the response can only be aborted.
    if (response.headersSent) response.destroy();
    else if (this.pages && wantsPage(request))
      this.pages.answer(request, response, sent).catch((problem: unknown) => {
        this.logger.error(`The page of an error was not shown: ${errorMessage(problem)}`);
        if (!response.headersSent) sendJson();
      });
    else sendJson();
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
