import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { DomainError } from '#lib/errors';
import { manifestOf, MANIFEST_FILE, type Manifest, type TableFile } from './backup-format';
import { withClient } from './backup-client';
import { findSchema, listTables, quote, quoteAll, readSequences, type Table } from './catalog.sql';

/** The fastest level: most of the time is that of the database. */
const GZIP_LEVEL = 1;

/**
 * Saves all rows of all tables, as they are at one moment, into a new folder. The folder appears when it is complete: an
 * interrupted save leaves only a folder whose name ends with `.partial`, which the next save under the name replaces.
 * @throws DomainError BACKUP_EXISTS, SCHEMA_MISSING
 */
export async function saveDatabase(uri: string, folder: string, now: Date): Promise<Manifest> {
  if (existsSync(folder))
    throw new DomainError('BACKUP_EXISTS', `${folder} exists already. Choose another name.`);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  try {
    const manifest = await withClient(uri, (client) => saveTables(client, partial, now));
    writeFileSync(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(partial, folder);
    return manifest;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

async function saveTables(client: Client, folder: string, now: Date): Promise<Manifest> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const schema = await findSchema(client);
  if (schema === undefined)
    throw new DomainError(
      'SCHEMA_MISSING',
      'The database has no tables: run `flexmeasures db upgrade` first.',
    );
  const tables: TableFile[] = [];
  for (const table of await listTables(client)) tables.push(await saveTable(client, table, folder));
  const sequences = await readSequences(client);
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return manifestOf({
    createdAt: now.toISOString(),
    postgresql: rows[0]!.server_version,
    schema,
    tables,
    sequences,
  });
}

async function saveTable(client: Client, { name, columns }: Table, folder: string): Promise<TableFile> {
  const file = `${name}.csv.gz`;
  const copy = client.query(
    copyTo(`COPY (SELECT ${quoteAll(columns)} FROM ${quote(name)}) TO STDOUT (FORMAT csv, HEADER)`),
  );
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const output = createWriteStream(join(folder, file), { mode: 0o600 });
  await pipeline(copy, hashing, createGzip({ level: GZIP_LEVEL }), output);
  return { table: name, file, columns, rows: copy.rowCount, sha256: hash.digest('hex') };
}
