/** PostgreSQL error codes: connection failure, server shutting down or starting up, too many connections. */
const SERVER_UNAVAILABLE = /^(?:08...|57P0[1-3]|53300)$/;

/** Error codes of the network connection to the server. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Driver messages without a code: the connection broke, or no connection was free in time. */
const BROKEN_CONNECTION =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;

/** PostgreSQL error codes for values that a column cannot store: a text with a zero byte, a number out of range. */
const DATA_EXCEPTION = /^22...$/;

/** Whether the database is unavailable at the moment. A later attempt may succeed. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return (
    (code !== undefined && (SERVER_UNAVAILABLE.test(code) || isNetworkError(error, code))) ||
    BROKEN_CONNECTION.test(error.message)
  );
}

/** Codes of PostgreSQL and of the file system: the disk is full, or a quota or a limit of the file size is exceeded. */
const STORAGE_FULL = new Set(['53100', 'ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether the database or the file system has no space left. */
export const isStorageFull = (error: unknown): boolean =>
  error instanceof Error && STORAGE_FULL.has(codeOf(error) ?? '');

/** Whether the database rejected a value that a column cannot store. */
export function isValueRejected(error: unknown): boolean {
  return error instanceof Error && DATA_EXCEPTION.test(codeOf(error) ?? '');
}

/** The kind of constraint that a rejected row violates: a unique key or a foreign key. */
export function violatedConstraint(error: unknown): 'unique' | 'reference' | undefined {
  const code = error instanceof Error ? codeOf(error) : undefined;
  if (code === '23505') return 'unique';
  return code === '23503' ? 'reference' : undefined;
}

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** ENOENT is a network error only for a missing socket, which has an address. A missing file has a path. */
const isNetworkError = (error: Error, code: string): boolean =>
  NETWORK_CODES.has(code) && (code !== 'ENOENT' || 'address' in error);
