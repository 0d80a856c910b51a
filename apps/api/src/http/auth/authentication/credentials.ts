import { ApiError } from '../../errors/api-error';
import type { LoginCredentials } from '../throttle/login.service';

const PATH = /^\/api\/requestAuthToken\/?$/i;

/** The e-mail address in a body without password; undefined if there is a password, or no address. */
export function emailWithoutPassword(body: unknown): string | undefined {
  const { email, password } = (body ?? {}) as Record<string, unknown>;
  return isFilled(email) && password === undefined ? email : undefined;
}

/**
 * The e-mail address and password in the body of a request, and the code of the second factor if there is one.
 * @throws ApiError 400 naming the missing or invalid fields
 */
export function credentialsIn(body: unknown): LoginCredentials {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { email, password, code } = fields;
  if (isFilled(email) && isFilled(password)) {
    if (code === undefined) return { email, password };
    if (typeof code === 'string') return { email, password, code };
    throw missingCredentials(["The 'code' parameter must be a string."]);
  }
  const missing = ['email', 'password'].filter((name) => !isFilled(fields[name]));
  throw missingCredentials(missing.map((name) => `Please provide the '${name}' parameter.`));
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

const missingCredentials = (errors: string[]): ApiError => new ApiError(400, { errors, status: 400 });

/** Converts a 400 to the error body of requests for a token, if the path is theirs. */
export const toTokenRequestError = (path: string, failure: ApiError): ApiError =>
  failure.httpStatus === 400 && PATH.test(path) && !failure.body.errors
    ? missingCredentials([failure.message])
    : failure;
