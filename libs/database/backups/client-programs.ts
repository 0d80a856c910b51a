import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { DomainError } from '#lib/errors';
import { withClient } from './backup-client';
import { findSchema, listTables, quoteAll, setTriggers } from './catalog.sql';
import { LOCK_TIMEOUT } from './locks';
import { assertEmpty, SERVER_TABLES } from './load-database';

/** First bytes of a file that pg_dump writes in its custom format. */
const MAGIC = 'PGDMP';

/** Programs of the PostgreSQL client. */
type ProgramName = 'pg_dump' | 'pg_restore' | 'psql';

/** Whether a file is one that pg_dump wrote in its custom format. */
export function isPgDump(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(MAGIC.length);
    return readSync(file, start) === MAGIC.length && start.toString('latin1') === MAGIC;
  } finally {
    closeSync(file);
  }
}

/**
 * Whether pg_dump is on the PATH, in a version that can dump the server: not older than the server.
 * @returns why not, as a clause; undefined if it can be used
 */
export async function whyNoPgDump(uri: string): Promise<string | undefined> {
  const program = majorVersion('pg_dump');
  if (program === undefined) return 'pg_dump is not installed';
  const server = await withClient(uri, async (client) => {
    const { rows } = await client.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS version",
    );
    return rows[0]!.version;
  });
  return program >= server ? undefined : `pg_dump ${program} is older than the server, PostgreSQL ${server}`;
}

/** Major version of a program; undefined if it is not installed. */
function majorVersion(name: ProgramName): number | undefined {
  const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return undefined; // without the program, there is no output either
  const [, major] = /(\d+)(?:\.\d+)?/.exec(stdout) ?? [];
  return major === undefined ? undefined : Number(major);
}

/**
 * Dumps all data, without the schema, with pg_dump. The file appears when it is complete.
 * @throws DomainError BACKUP_EXISTS, or CLIENT_PROGRAM_FAILED with what pg_dump printed
 */
export async function pgDump(uri: string, path: string): Promise<void> {
  if (existsSync(path)) throw new DomainError('BACKUP_EXISTS', `${path} exists already.`);
  const partial = `${path}.partial`;
  const options = [
    '--data-only',
    '--format=custom',
    '--no-owner',
    '--no-privileges',
    '--load-via-partition-root',
  ];
  try {
    rmSync(partial, { force: true });
    // Before the program writes to it, so that nobody else can ever read it.
    closeSync(openSync(partial, 'wx', 0o600));
    const dump = start('pg_dump', uri, [...options, '--exclude-table=migrations', `--file=${partial}`]);
    await ended('pg_dump', dump);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

/**
 * Restores a file of pg_dump with data into the empty tables of the database, with pg_restore and psql. Everything happens
 * in one transaction, so that a failed or interrupted restore changes nothing.
 * @throws DomainError CLIENT_PROGRAM_MISSING, SCHEMA_MISSING, DATABASE_NOT_EMPTY, CLIENT_PROGRAM_FAILED
 */
export async function pgRestore(uri: string, path: string): Promise<void> {
  for (const name of ['pg_restore', 'psql'] as const) {
    if (majorVersion(name) === undefined)
      throw new DomainError(
        'CLIENT_PROGRAM_MISSING',
        `${path} is a file of pg_dump, but ${name} is not installed.`,
      );
  }
  const { before, after } = await withClient(uri, statementsAround);
  const psql = start(
    'psql',
    uri,
    ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--output=/dev/null'],
    'pipe',
  );
  const input = psql.stdin!;
  const finished = ended('psql', psql);
  finished.catch(() => undefined);
  input.on('error', () => undefined); // psql has ended; its message says why
  input.write(before);
  const restore = start(
    'pg_restore',
    uri,
    ['--data-only', '--no-owner', '--no-privileges', '--file=-', path],
    'ignore',
  );
  const restored = ended('pg_restore', restore);
  try {
    await Promise.all([restored, pipeline(restore.stdout!, input, { end: false })]);
  } catch (error) {
    const isOfRestore = restore.exitCode !== null && restore.exitCode !== 0;
    // Without COMMIT, the server rolls back.
    input.destroy();
    restore.kill();
    await restored.catch(() => undefined);
    const failure = await finished.catch((reason: unknown) => reason);
    throw isOfRestore ? error : (failure ?? error);
  }
  input.end(after);
  await finished;
  await withClient(uri, (client) => client.query('ANALYZE'));
}

/** Statements that surround the script of pg_restore. */
async function statementsAround(client: Client): Promise<{ before: string; after: string }> {
  if ((await findSchema(client)) === undefined)
    throw new DomainError(
      'SCHEMA_MISSING',
      'The database has no tables: run `flexmeasures db upgrade` first.',
    );
  const tables = await listTables(client);
  await assertEmpty(
    client,
    tables.filter(({ name }) => !SERVER_TABLES.includes(name)),
  );
  const { rows } = await client.query<{ schema: string }>('SELECT quote_ident(current_schema()) AS schema');
  // The script of pg_restore clears the search path.
  const searchPath = `SET search_path = ${rows[0]!.schema};`;
  const filledByServers = tables.map(({ name }) => name).filter((name) => SERVER_TABLES.includes(name));
  const truncate = filledByServers.length === 0 ? '' : `TRUNCATE ${quoteAll(filledByServers)};`;
  const before = [
    `BEGIN; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}';`,
    setTriggers(tables, 'DISABLE'),
    truncate,
  ];
  const after = [searchPath, setTriggers(tables, 'ENABLE'), 'COMMIT;'];
  return { before: `${before.join('\n')}\n`, after: `\n${after.join('\n')}\n` };
}

/** Starts a program for a database. The password goes by the environment, because others can see the arguments. */
function start(
  name: ProgramName,
  uri: string,
  args: string[],
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  const target = new URL(uri.replace(/^postgres(?:ql)?\+\w+:/, 'postgresql:'));
  const password = decodeURIComponent(target.password);
  target.password = '';
  const needsDatabase = name !== 'pg_restore';
  return spawn(name, [...(needsDatabase ? [`--dbname=${target.href}`] : []), ...args], {
    stdio: [stdin, 'pipe', 'pipe'],
    env: { ...process.env, PGAPPNAME: 'flexmeasures', ...(password !== '' && { PGPASSWORD: password }) },
  });
}

/** @throws DomainError CLIENT_PROGRAM_FAILED */
async function ended(name: ProgramName, child: ChildProcess): Promise<void> {
  let message = '';
  child.stderr?.on('data', (chunk: Buffer) => (message += chunk.toString()));
  if (name !== 'pg_restore') child.stdout?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  const reason = message.trim().split('\n').slice(0, 3).join(' ');
  throw new DomainError(
    'CLIENT_PROGRAM_FAILED',
    `${name} failed: ${reason === '' ? `exit code ${code}` : reason}`,
  );
}
