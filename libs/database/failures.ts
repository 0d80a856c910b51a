/** Codes of PostgreSQL for a server that goes down, comes up, or takes no more connections. */
const SERVER_UNAVAILABLE = /^(?:08...|57P0[1-3]|53300)$/;

/** Codes of the network on the way to it. */
const NETWORK = new Set([
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

/** The driver gives no code where a connection broke, or none was free in time. */
const BROKEN =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;

/** Values that a column cannot hold: a text with a zero byte, a number out of range. */
const DATA_EXCEPTION = /^22...$/;

/** Whether something failed because the database cannot be reached now. Asking again later may work. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return (
    (code !== undefined && (SERVER_UNAVAILABLE.test(code) || isOfNetwork(error, code))) ||
    BROKEN.test(error.message)
  );
}

/** Whether the database refused a value as such. */
export function isValueRefused(error: unknown): boolean {
  return error instanceof Error && DATA_EXCEPTION.test(codeOf(error) ?? '');
}

/** Which rule of the schema a refused row would have broken: it exists already, or it refers to nothing. */
export function brokenRule(error: unknown): 'unique' | 'reference' | undefined {
  const code = error instanceof Error ? codeOf(error) : undefined;
  if (code === '23505') return 'unique';
  return code === '23503' ? 'reference' : undefined;
}

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** A missing file of ours has a path; a missing socket of PostgreSQL an address. */
const isOfNetwork = (error: Error, code: string): boolean =>
  NETWORK.has(code) && (code !== 'ENOENT' || 'address' in error);
