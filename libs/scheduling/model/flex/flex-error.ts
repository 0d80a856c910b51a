import { DomainError } from '#lib/errors';

/** A field of a flex-model or flex-context that cannot be used. */
export const flexError = (field: string, message: string): DomainError =>
  new DomainError('FLEX_MODEL_INVALID', `${field}: ${message}`, field);
