/** The part of a request that an invalid field belongs to. */
export type FieldPlace = 'json' | 'query' | 'path' | 'form' | 'args_and_json';

/** Reasons by field path; a field can have several. */
export type FieldReasons = Record<string, string[]>;

/** Maximum number of invalid fields that a response lists. */
export const MAX_REASONS = 100;

/** Body of an error response. The reason is in `message`, in `errors` (requests for a token) or in `reason` (runs of tasks). */
export interface FailureBody {
  status: string | number;
  message?: unknown;
  errors?: string[];
  reason?: string;
  result?: 'Rejected';
  results?: 'Rejected';
}

/** An error response of the API. */
export class ApiError extends Error {
  constructor(
    readonly httpStatus: number,
    readonly body: FailureBody,
    readonly headers: Record<string, string> = {},
  ) {
    super(typeof body.message === 'string' ? body.message : String(body.status));
    this.name = 'ApiError';
  }
}

export const unauthenticated = (): ApiError =>
  new ApiError(401, {
    message: 'You could not be properly authenticated for this content or functionality.',
    status: 'UNAUTHORIZED',
  });

export const unauthorized = (): ApiError =>
  new ApiError(403, {
    message: 'You cannot be authorized for this content or functionality.',
    result: 'Rejected',
    status: 'INVALID_SENDER',
  });

/** @param reasons by field path, of which the first MAX_REASONS are sent; or one sentence about the whole request */
export function unprocessable(place: FieldPlace, reasons: FieldReasons | string): ApiError {
  const sent = typeof reasons === 'string' ? reasons : nestedReasons(firstOf(reasons));
  return new ApiError(422, {
    message: { [place]: sent },
    result: 'Rejected',
    status: 'UNPROCESSABLE_ENTITY',
  });
}

/** Reasons by field. Reasons of list elements are nested: `{ values: { '0': [reason] } }`. */
export interface NestedReasons {
  [field: string]: string[] | NestedReasons;
}

/**
 * Nests the reasons of list elements, as FlexMeasures does. Field paths without a list position do not change.
 * If a list has its own reasons and its elements have reasons too, those of the list are under `_schema`.
 */
export function nestedReasons(reasons: FieldReasons): NestedReasons {
  const root: NestedReasons = Object.create(null) as NestedReasons;
  for (const [path, fieldReasons] of Object.entries(reasons)) {
    const steps = POSITION.test(path) ? path.split('.') : [path];
    let group = root;
    for (const step of steps.slice(0, -1)) {
      const inner = group[step] ?? (Object.create(null) as NestedReasons);
      group = group[step] = Array.isArray(inner) ? { _schema: inner } : inner;
    }
    const last = steps.at(-1)!;
    const inner = group[last];
    if (inner === undefined) group[last] = fieldReasons;
    else if (!Array.isArray(inner)) inner['_schema'] = fieldReasons;
  }
  return root;
}

const POSITION = /\.\d+(?:\.|$)/;

function firstOf(reasons: FieldReasons): FieldReasons {
  const entries = Object.entries(reasons);
  if (entries.length <= MAX_REASONS) return reasons;
  return {
    ...Object.fromEntries(entries.slice(0, MAX_REASONS)),
    _schema: [`More fields are invalid; these are the first ${MAX_REASONS}.`],
  };
}

/** Posted data contradicts stored data of the same source and belief time. Clients recognise it by `results`. */
export const replacementRejected = (): ApiError =>
  new ApiError(403, {
    message:
      'Some of the data represents a replacement, which is reserved for servers in play mode. ' +
      'Enable play mode or update the prior in your request.',
    results: 'Rejected',
    status: 'INVALID_REPLACEMENT',
  });

export const rejected = (httpStatus: number, status: string, message: string): ApiError =>
  new ApiError(httpStatus, { message, result: 'Rejected', status });

export const tooLarge = (message: string): ApiError => rejected(413, 'REQUEST_TOO_LARGE', message);

/** Invalid JSON. Requests that trigger schedules have another status, which clients rely on. */
export const badJson = (path: string): ApiError =>
  rejected(
    400,
    /\/schedules\/trigger\/?$/.test(path) ? 'INVALID_DATA' : 'INVALID_REQUEST',
    'The request body is not valid JSON.',
  );

/** The client exceeds a rate limit or a quota, and may try again. */
export const tooManyRequests = (message: string, waitS: number): ApiError =>
  new ApiError(
    429,
    { message, result: 'Rejected', status: 'TOO_MANY_REQUESTS' },
    { 'Retry-After': String(waitS) },
  );

/** The server cannot process the request now; the client may try again. */
export const unavailable = (message: string, waitS: number): ApiError =>
  new ApiError(
    503,
    { message, result: 'Rejected', status: 'SERVICE_UNAVAILABLE' },
    { 'Retry-After': String(waitS) },
  );

const BUSY_WAIT_S = 5;

/** Too many requests are waiting. */
export const tooBusy = (message: string): ApiError => unavailable(message, BUSY_WAIT_S);
