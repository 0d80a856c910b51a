import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DomainError } from '#lib/errors';
import { MANIFEST_FILE, parseManifest, type Manifest, type TableFile } from './backup-format';
import { withClient } from './backup-client';
import { isDeadlock, LOCK_TIMEOUT, toInUse } from './locks';
import {
  findFilled,
  findSchema,
  listTables,
  quote,
  quoteAll,
  setTriggers,
  writeSequences,
  type Table,
} from './catalog.sql';

/** Tables that servers fill by themselves. Their rows are replaced, and are no reason to refuse a backup. */
export const SERVER_TABLES: readonly string[] = ['event', 'event_position', 'event_delivery'];

const STAGING_TABLE = 'backup_rows';
const MAX_ATTEMPTS = 5;

export interface LoadOptions {
  /** Whether rows of tables that have rows are replaced; otherwise, this is an error. */
  replaces?: boolean;
  /** Whether the tables that servers fill by themselves stay as they are, because servers run. */
  keepsServerTables?: boolean;
  /** Whether tables and columns that the schema does not have are left out; otherwise, this is an error. */
  leavesOutUnknown?: boolean;
}

/** What was loaded. */
export interface LoadResult {
  rows: number;
  tables: number;
  /** Tables and columns of the backup for which the schema has no place. */
  leftOut: string[];
}

/**
 * Reads what `saveDatabase` wrote.
 * @throws DomainError BACKUP_NOT_FOUND, BACKUP_INVALID
 */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) {
    const message = existsSync(folder)
      ? `${folder} is no complete backup: it has no ${MANIFEST_FILE}.`
      : `There is no backup ${folder}.`;
    throw new DomainError('BACKUP_NOT_FOUND', message);
  }
  return parseManifest(readFileSync(path, 'utf8'));
}

/**
 * Loads a backup into the tables of the database, which may have another version of the schema: rows are read by the names
 * of their columns. Everything happens in one transaction, so that a failed or interrupted load changes nothing.
 * @throws DomainError BACKUP_NOT_FOUND, BACKUP_INVALID, SCHEMA_MISSING, DATABASE_NOT_EMPTY, DATABASE_IN_USE,
 *   BACKUP_UNKNOWN_PARTS
 */
export async function loadDatabase(
  uri: string,
  folder: string,
  options: LoadOptions = {},
): Promise<LoadResult> {
  const manifest = readManifest(folder);
  return withClient(uri, async (client) => {
    const tables = await beginWithTables(client, manifest, options).catch(toInUse);
    const leftOut = findUnknownParts(manifest, tables);
    if (leftOut.length > 0 && options.leavesOutUnknown !== true) {
      const message = `The schema of this database has no place for ${leftOut.join(', ')}.`;
      throw new DomainError('BACKUP_UNKNOWN_PARTS', message);
    }
    let [rows, loaded] = [0, 0];
    for (const table of tables) {
      const file = manifest.tables.find((one) => one.table === table.name);
      if (!file) continue;
      await loadTable(client, folder, file, table);
      rows += file.rows;
      loaded++;
    }
    await writeSequences(client, manifest.sequences);
    await client.query(setTriggers(tables, 'ENABLE'));
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return { rows, tables: loaded, leftOut };
  });
}

/**
 * Begins the transaction with locks of all tables. Of two programs that wait for each other, PostgreSQL ends the work of one:
 * then it is tried again, because servers may run and use tables in another order.
 */
async function beginWithTables(client: Client, manifest: Manifest, options: LoadOptions): Promise<Table[]> {
  for (let attempt = 1; ; attempt++) {
    await client.query(`BEGIN; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    try {
      return await prepareTables(client, manifest, options);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isDeadlock(error)) throw error;
      await client.query('ROLLBACK');
    }
  }
}

/** Turns triggers off, and makes sure that the tables are empty. */
async function prepareTables(
  client: Client,
  manifest: Manifest,
  { replaces = false, keepsServerTables = false }: LoadOptions,
): Promise<Table[]> {
  if ((await findSchema(client)) === undefined)
    throw new DomainError(
      'SCHEMA_MISSING',
      'The database has no tables: run `flexmeasures db upgrade` first.',
    );
  const tables = (await listTables(client)).filter(
    ({ name }) => !(keepsServerTables && SERVER_TABLES.includes(name)),
  );
  // This waits for transactions that write, and keeps others from writing.
  await client.query(setTriggers(tables, 'DISABLE'));
  const saved = new Set(manifest.tables.map(({ table }) => table));
  const emptied = tables.filter(({ name }) => SERVER_TABLES.includes(name) || (replaces && saved.has(name)));
  const alsoReferring = replaces ? ' CASCADE' : '';
  if (emptied.length > 0)
    await client.query(`TRUNCATE ${quoteAll(emptied.map(({ name }) => name))}${alsoReferring}`);
  await assertEmpty(
    client,
    tables.filter(({ name }) => saved.has(name)),
  );
  return tables;
}

/** @throws DomainError DATABASE_NOT_EMPTY */
export async function assertEmpty(client: Client, tables: readonly Table[]): Promise<void> {
  const filled = await findFilled(client, tables);
  if (filled.length === 0) return;
  const message = `The database is not empty (${filled.join(', ')}): run \`flexmeasures db-ops reset\` first.`;
  throw new DomainError('DATABASE_NOT_EMPTY', message);
}

/** Tables with rows, and columns, that the schema does not have. Servers fill theirs by themselves. */
function findUnknownParts(manifest: Manifest, tables: readonly Table[]): string[] {
  return manifest.tables
    .filter(({ table, rows }) => rows > 0 && !SERVER_TABLES.includes(table))
    .flatMap(({ table: name, columns, rows }) => {
      const table = tables.find((one) => one.name === name);
      if (!table) return [`table ${name} (${rows} rows)`];
      return columns
        .filter((column) => !table.columns.includes(column))
        .map((column) => `column ${name}.${column}`);
    });
}

async function loadTable(
  client: Client,
  folder: string,
  file: TableFile,
  { name, columns }: Table,
): Promise<void> {
  const known = file.columns.filter((column) => columns.includes(column));
  const isComplete = known.length === file.columns.length;
  if (!isComplete) await createStagingTable(client, file);
  const copied = await copyFile(client, folder, file, isComplete ? name : STAGING_TABLE);
  if (copied !== file.rows) {
    const message = `${file.file} has ${copied} rows instead of ${file.rows}: the backup is damaged.`;
    throw new DomainError('BACKUP_INVALID', message);
  }
  if (!isComplete) await moveFromStaging(client, name, known);
}

/** COPY cannot skip columns: rows with unknown columns go through a table of texts. */
async function createStagingTable(client: Client, { columns }: TableFile): Promise<void> {
  const definitions = columns.map((column) => `${quote(column)} text`).join(', ');
  await client.query(`CREATE TEMP TABLE ${STAGING_TABLE} (${definitions}) ON COMMIT DROP`);
}

async function moveFromStaging(client: Client, table: string, columns: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0`,
    [quote(table)],
  );
  const typeOf = (column: string): string => rows.find(({ name }) => name === column)!.type;
  const values = columns.map((column) => `${quote(column)}::${typeOf(column)}`).join(', ');
  await client.query(
    `INSERT INTO ${quote(table)} (${quoteAll(columns)}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${STAGING_TABLE}`,
  );
  await client.query(`DROP TABLE ${STAGING_TABLE}`);
}

/** @returns the number of rows */
async function copyFile(client: Client, folder: string, file: TableFile, target: string): Promise<number> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest('hex') === file.sha256 ? null : damaged(file.file));
    },
  });
  const copy = client.query(
    copyFrom(`COPY ${quote(target)} (${quoteAll(file.columns)}) FROM STDIN (FORMAT csv, HEADER)`),
  );
  try {
    await pipeline(createReadStream(join(folder, file.file)), createGunzip(), hashing, copy);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code?.startsWith('Z_') === true ? damaged(file.file) : error;
  }
  return copy.rowCount;
}

const damaged = (file: string): DomainError =>
  new DomainError('BACKUP_INVALID', `${file} is not as it was saved: the backup is damaged.`);
