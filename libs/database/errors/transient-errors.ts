/** Classes of PostgreSQL error codes for transient failures: connection, resources, shutdown. */
const TRANSIENT_CLASSES = ['08', '53', '57'];
/** Serialisation failure, deadlock, lock not available. */
const TRANSIENT_CODES = ['40001', '40P01', '55P03'];
const TRANSIENT_NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'];
/** Driver messages, without a code, for connections that broke or could not be established. */
const BROKEN_CONNECTION =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/;
/** The statement was cancelled on purpose: do not try again. */
const QUERY_CANCELED = '57014';

/** Whether the database failure is transient: the same work may succeed a little later. */
export function isTransientFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return BROKEN_CONNECTION.test(error.message);
  if (TRANSIENT_NETWORK.includes(code)) return true;
  const isPostgres = /^[\dA-Z]{5}$/.test(code) && code !== QUERY_CANCELED;
  return isPostgres && (TRANSIENT_CODES.includes(code) || TRANSIENT_CLASSES.includes(code.slice(0, 2)));
}
