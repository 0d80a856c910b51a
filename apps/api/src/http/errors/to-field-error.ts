import { DomainError } from '#lib/errors';
import { unprocessable } from './api-error';

/**
 * Makes a handler for `catch` that reports a DomainError as an invalid field of the body, for example a reference to
 * something that does not exist.
 *
 * @param code code of the DomainError; other errors are rethrown
 */
export const toFieldError =
  (code: string, field: string, reason: string) =>
  (error: unknown): never => {
    throw error instanceof DomainError && error.code === code
      ? unprocessable('json', { [field]: [reason] })
      : error;
  };
