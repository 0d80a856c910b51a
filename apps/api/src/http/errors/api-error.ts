/** Where in a request a bad field stands. */
export type FieldPlace = 'json' | 'query' | 'path' | 'form' | 'args_and_json';

/** Reasons by field; several for one field are possible. */
export type FieldReasons = Record<string, string[]>;

/** So many bad fields of a request are named; who sends more has made one mistake many times. */
export const MAX_REASONS = 100;

/** What is wrong: as `message` in most answers, as `errors` in those to requests for tokens. */
export interface FailureBody {
  status: string | number;
  message?: unknown;
  errors?: string[];
  result?: 'Rejected';
  results?: 'Rejected';
}

/** An answer other than success, in the form that clients of the API know. */
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

/** @param reasons by field, of which the first are told; one sentence where the request as a whole cannot be used */
export function unprocessable(place: FieldPlace, reasons: FieldReasons | string): ApiError {
  const told = typeof reasons === 'string' ? reasons : nestedReasons(firstOf(reasons));
  return new ApiError(422, {
    message: { [place]: told },
    result: 'Rejected',
    status: 'UNPROCESSABLE_ENTITY',
  });
}

/** Reasons by field, where those of elements of lists are nested: `{ values: { '0': [reason] } }`. */
export interface NestedReasons {
  [field: string]: string[] | NestedReasons;
}

/**
 * Nests the reasons of fields within lists, as FlexMeasures does. Paths without a position in a list stay as they are.
 * Where a field has reasons of its own beside those of its elements, these come under `_schema`.
 */
export function nestedReasons(reasons: FieldReasons): NestedReasons {
  const root: NestedReasons = Object.create(null) as NestedReasons;
  for (const [path, told] of Object.entries(reasons)) {
    const steps = POSITION.test(path) ? path.split('.') : [path];
    let group = root;
    for (const step of steps.slice(0, -1)) {
      const inner = group[step] ?? (Object.create(null) as NestedReasons);
      group = group[step] = Array.isArray(inner) ? { _schema: inner } : inner;
    }
    const last = steps.at(-1)!;
    const inner = group[last];
    if (inner === undefined) group[last] = told;
    else if (!Array.isArray(inner)) inner['_schema'] = told;
  }
  return root;
}

const POSITION = /\.\d+(?:\.|$)/;

function firstOf(reasons: FieldReasons): FieldReasons {
  const entries = Object.entries(reasons);
  if (entries.length <= MAX_REASONS) return reasons;
  return {
    ...Object.fromEntries(entries.slice(0, MAX_REASONS)),
    _schema: [`More fields are wrong; these are the first ${MAX_REASONS}.`],
  };
}

/** Posted data contradicts stored data of the same source and recording time. Clients know this answer by `results`. */
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

/** Clients know unreadable JSON by another status where they trigger schedules. */
export const badJson = (path: string): ApiError =>
  rejected(
    400,
    /\/schedules\/trigger\/?$/.test(path) ? 'INVALID_DATA' : 'INVALID_REQUEST',
    'The request body is not valid JSON.',
  );

/** The client asks for more than its share, and may come back. */
export const tooManyRequests = (message: string, waitS: number): ApiError =>
  new ApiError(
    429,
    { message, result: 'Rejected', status: 'TOO_MANY_REQUESTS' },
    { 'Retry-After': String(waitS) },
  );

/** The server cannot do its work now, and may be able to later. */
export const unavailable = (message: string, waitS: number): ApiError =>
  new ApiError(
    503,
    { message, result: 'Rejected', status: 'SERVICE_UNAVAILABLE' },
    { 'Retry-After': String(waitS) },
  );

const BUSY_WAIT_S = 5;

/** Too much work waits already. */
export const tooBusy = (message: string): ApiError => unavailable(message, BUSY_WAIT_S);
