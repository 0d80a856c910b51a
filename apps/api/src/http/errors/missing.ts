import { DomainError } from '#lib/errors';
import { unprocessable } from './api-error';

/**
 * What to do when something that a field of the body refers to is not there: blame the field. For `catch`.
 *
 * @param code of the DomainError that tells so; other errors pass
 */
export const missing =
  (code: string, field: string, reason: string) =>
  (error: unknown): never => {
    throw error instanceof DomainError && error.code === code
      ? unprocessable('json', { [field]: [reason] })
      : error;
  };
