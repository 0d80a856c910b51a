import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { inFormOf } from '../auth/authentication/credentials';
import { ApiError } from '../errors/api-error';
import { toApiError } from './error-form';
import { KnownRoutes } from './known-routes';
import { requestIdOf } from './request-id';
import { loggablePath } from './request-log';

const UNFORESEEN = new ApiError(500, {
  message: 'Something went wrong on our side. The request was not carried out.',
  status: 'INTERNAL_SERVER_ERROR',
});

/** Answers every failure in the API's own form, without a trace of our code. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Api');

  constructor(private readonly routes: KnownRoutes) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    // Only Nest throws this one, where no route took the request.
    const failure =
      error instanceof NotFoundException ? this.routes.answer(request, response) : toApiError(error, request);
    if (response.writableEnded) return;
    const { httpStatus, body, headers } = inFormOf(request.path, failure ?? UNFORESEEN);
    if (httpStatus >= 500) this.log(error, httpStatus, request, response);
    // An answer that has begun can only be broken off.
    if (response.headersSent) response.destroy();
    else response.status(httpStatus).set(headers).json(body);
  }

  private log(
    error: unknown,
    httpStatus: number,
    { method, originalUrl }: Request,
    response: Response,
  ): void {
    const request = `${method} ${loggablePath(originalUrl)} answered ${httpStatus}, request ${requestIdOf(response)}`;
    if (httpStatus === 503) this.logger.warn(`${request}: ${messageOf(error)}`);
    else
      this.logger.error(`${request}: ${messageOf(error)}`, error instanceof Error ? error.stack : undefined);
  }
}

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
};
