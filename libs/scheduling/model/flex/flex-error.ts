import { DomainError } from '#lib/errors';

/** The error for a field of a flex-model or flex-context that cannot be used. */
export const flexError = (field: string, message: string): DomainError =>
  new DomainError('FLEX_MODEL_INVALID', `${field}: ${message}`, field);

/**
 * Adds the path of a device to the field of an error.
 * @param path such as `flex-model.1.`
 * @returns the error itself if it names no field
 */
export function withDevicePath(error: unknown, path: string): unknown {
  if (path === '' || !(error instanceof DomainError) || error.field === undefined) return error;
  const { code, field, message } = error;
  return new DomainError(code, message.startsWith(`${field}: `) ? path + message : message, path + field);
}

/** The message of an error without the field that it begins with, for a form that shows it at the field. */
export const reasonAtField = ({ message }: Error): string => message.replace(/^[^ ]+: /, '');
