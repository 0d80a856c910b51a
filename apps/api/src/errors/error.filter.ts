import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { ApiError } from './api-error';
import { toApiError } from './error-form';

const UNFORESEEN = new ApiError(500, {
  message: 'Something went wrong on our side. The request was not carried out.',
  status: 'INTERNAL_SERVER_ERROR',
});

/** Answers every failure in the API's own form, without a trace of our code. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Api');

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const known = toApiError(error);
    if (!known) this.logger.error(error instanceof Error ? error.stack : String(error));
    const { httpStatus, body } = known ?? UNFORESEEN;
    response.status(httpStatus).json(body);
  }
}
