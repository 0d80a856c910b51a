/** PostgreSQL's error code for an unknown table. */
const UNDEFINED_TABLE = '42P01';

/** Prints an error in one line and exits with code 1. */
export function reportAndExit(error: unknown): never {
  process.stderr.write(`Error: ${messageOf(error)}\n`);
  if (process.env['LOGGING_LEVEL'] === 'DEBUG' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  if (code === UNDEFINED_TABLE) {
    return 'The database has no tables: run `flexmeasures db upgrade` first.';
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === '28P01' || code === '3D000') {
    return `Cannot connect to the database: ${error.message || code}. Check SQLALCHEMY_DATABASE_URI.`;
  }
  return error.message.split('\n')[0] ?? '';
}
