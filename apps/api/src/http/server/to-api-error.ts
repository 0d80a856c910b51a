import { HttpException } from '@nestjs/common';
import { BeliefFileError } from '#lib/beliefs/files';
import { isDatabaseUnavailable, isStorageFull, isValueRejected } from '#lib/database';
import { DomainError } from '#lib/errors';
import {
  ApiError,
  rejected,
  replacementRejected,
  tooBusy,
  tooLarge,
  tooManyRequests,
  unavailable,
  unprocessable,
  type FieldPlace,
} from '../errors/api-error';
import { describeFileError } from '../uploads/describe-file-error';

/** Responses of domain errors that are not about a field of the request. */
const REJECTIONS: Record<string, { httpStatus: number; status: string }> = {
  ACCOUNT_NOT_FOUND: { httpStatus: 404, status: 'NOT_FOUND' },
  ANNOTATION_NOT_FOUND: { httpStatus: 404, status: 'NOT_FOUND' },
  ASSET_NOT_FOUND: { httpStatus: 404, status: 'NOT_FOUND' },
  SOURCE_UNKNOWN: { httpStatus: 404, status: 'NOT_FOUND' },
  DEVICE_TOKEN_NOT_FOUND: { httpStatus: 404, status: 'NOT_FOUND' },
  USER_NOT_FOUND: { httpStatus: 404, status: 'NOT_FOUND' },
  IDEMPOTENCY_KEY_IN_USE: { httpStatus: 409, status: 'CONFLICT' },
  NOT_PERMITTED: { httpStatus: 403, status: 'INVALID_SENDER' },
};

const DATABASE_WAIT_S = 10;
const JOBS_WAIT_S = 10;
const MAILS_WAIT_S = 3600;

const HTTP_STATUSES: Record<number, string> = {
  400: 'INVALID_REQUEST',
  404: 'NOT_FOUND',
  405: 'INVALID_METHOD',
  413: 'REQUEST_TOO_LARGE',
  415: 'INVALID_REQUEST',
};

/** The properties of the failed request that the response depends on. */
interface FailedRequest {
  method: string;
  /** Whether the body has a media type; see `Request.is` of Express. */
  is: (type: string) => string | false | null;
}

/** Converts an error to the response for the client; undefined for an unexpected error. */
export function toApiError(error: unknown, request: FailedRequest): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof DomainError) return fromDomainError(error, placeOfFields(request));
  if (error instanceof HttpException) {
    const cause = fromFormReader(error.cause);
    if (cause) return cause;
    const httpStatus = error.getStatus();
    return rejected(httpStatus, HTTP_STATUSES[httpStatus] ?? 'INVALID_REQUEST', error.message);
  }
  if (isDatabaseUnavailable(error)) return unavailable('The database cannot be reached.', DATABASE_WAIT_S);
  if (isStorageFull(error)) {
    return rejected(507, 'INSUFFICIENT_STORAGE', 'The server has no space left to store this.');
  }
  if (isValueRejected(error)) {
    return rejected(400, 'INVALID_REQUEST', 'The request holds a value that cannot be stored.');
  }
  return fromFormReader(error);
}

function placeOfFields(request: FailedRequest): FieldPlace {
  if (request.method === 'GET') return 'query';
  return request.is('multipart/form-data') ? 'form' : 'json';
}

function fromDomainError(error: DomainError, place: FieldPlace): ApiError {
  if (error instanceof BeliefFileError) return unprocessable(place, { file: [describeFileError(error)] });
  const { code, message, field } = error;
  if (code === 'TOO_BUSY') return tooBusy(message);
  if (code === 'TOO_MANY_JOBS') return tooManyRequests(message, JOBS_WAIT_S);
  if (code === 'TOO_MANY_MAILS') return tooManyRequests(message, MAILS_WAIT_S);
  if (code === 'INVALID_REPLACEMENT') return replacementRejected();
  if (code === 'UNSUPPORTED_ASSET_TYPE') return unprocessable(place, message);
  if (code === 'IDEMPOTENCY_KEY_REUSED') return unprocessable('json', message);
  const rejection = REJECTIONS[code];
  if (rejection) return rejected(rejection.httpStatus, rejection.status, message);
  // Some messages start with the field path, which the response has as the key.
  const reason =
    field !== undefined && message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return unprocessable(place, { [field ?? '_schema']: [reason] });
}

/** multer and body-parser throw errors with an HTTP status. */
function fromFormReader(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413) return tooLarge('The request is too large.');
  return rejected(
    error.status,
    HTTP_STATUSES[error.status] ?? 'INVALID_REQUEST',
    'The request body cannot be read.',
  );
}
