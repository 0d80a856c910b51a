import 'reflect-metadata';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings } from '#lib/config';
import { getDatabaseUri } from '#lib/database';
import {
  isBackupName,
  isPgDump,
  loadDatabase,
  pgDump,
  pgRestore,
  resetDatabase,
  saveDatabase,
  whyNoPgDump,
} from '#lib/database/backups';
import { importPython } from '#lib/database/python-import';
import { DomainError } from '#lib/errors';
import { confirm } from '../../terminal/confirm';

export interface SaveCommandOptions {
  name?: string;
  dir?: string;
}
export interface LoadCommandOptions {
  leaveOutUnknown?: boolean;
}

const databaseUri = (): Promise<string> => getDatabaseUri(readSettings());

export async function dump(): Promise<void> {
  const uri = await databaseUri();
  const folder = backupFolder();
  const reason = await whyNoPgDump(uri);
  const path = join(folder, `dump_${timeInName()}`);
  if (reason !== undefined) {
    console.error(`Note: ${reason}. The data is dumped as \`flexmeasures db-ops save\` does.`);
    await saveInto(path, uri);
    return;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await pgDump(uri, `${path}.dump`);
  console.log(`All data was dumped to ${path}.dump.`);
}

export async function restore(path: string, options: LoadCommandOptions): Promise<void> {
  if (!existsSync(path)) throw new DomainError('BACKUP_NOT_FOUND', `${path} does not exist.`);
  const uri = await databaseUri();
  if (statSync(path).isDirectory()) {
    await loadFrom(path, uri, options);
    return;
  }
  if (!isPgDump(path)) {
    const message = `${path} is no dump: a file of pg_dump in its custom format, or a folder of \`db-ops save\`, is expected.`;
    throw new DomainError('BACKUP_INVALID', message);
  }
  await pgRestore(uri, path);
  console.log(`${path} was restored.`);
}

export async function save({ name = `save_${timeInName()}`, dir }: SaveCommandOptions): Promise<void> {
  await saveInto(pathOf(name, dir), await databaseUri());
}

export async function load({
  name,
  dir,
  ...options
}: LoadCommandOptions & SaveCommandOptions): Promise<void> {
  await loadFrom(pathOf(name!, dir), await databaseUri(), options);
}

export async function importFromPython(sourceUri: string): Promise<void> {
  if (!/^postgres(ql)?(\+\w+)?:\/\//.test(sourceUri)) {
    const message = 'A URI like postgresql://user:password@host:port/database is expected.';
    throw new DomainError('URI_INVALID', message, '<uri>');
  }
  const { rows, leftOut, warnings } = await importPython(sourceUri, await databaseUri(), console.log);
  const copied = Object.values(rows).reduce((sum, n) => sum + n, 0);
  for (const part of leftOut) console.error(`Warning: there is no place for ${part}. It was left out.`);
  for (const warning of warnings) console.error(`Warning: ${warning}`);
  console.log(`The database was imported: ${copied} rows, equal to the originals by their checksums.`);
}

export async function reset({ force }: { force?: boolean }): Promise<void> {
  const uri = await databaseUri();
  const { host, pathname } = new URL(uri);
  const question = `Delete ALL data of the database ${pathname.slice(1)} on ${host}, and create its tables again?`;
  await confirm(question, { isForced: force });
  await resetDatabase(uri);
  console.log('The database is empty, and its schema is up to date.');
}

async function saveInto(folder: string, uri: string): Promise<void> {
  const { tables } = await saveDatabase(uri, folder, new Date());
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`${rows} rows of ${tables.length} tables were saved to ${folder}.`);
}

async function loadFrom(folder: string, uri: string, { leaveOutUnknown }: LoadCommandOptions): Promise<void> {
  const { rows, tables, leftOut } = await loadDatabase(uri, resolve(folder), {
    leavesOutUnknown: leaveOutUnknown,
  });
  for (const part of leftOut) console.error(`Warning: there is no place for ${part}. It was left out.`);
  console.log(`${rows} rows of ${tables} tables were loaded from ${folder}.`);
}

const backupFolder = (dir?: string): string =>
  dir === undefined ? readSettings().operations.backupFolder : resolve(dir);

function pathOf(name: string, dir: string | undefined): string {
  if (isBackupName(name)) return join(backupFolder(dir), name);
  throw new DomainError(
    'NAME_INVALID',
    '--name must have letters, digits, dots, hyphens and underscores only.',
    '--name',
  );
}

/** UTC, such as 2026-03-04_100000. */
const timeInName = (): string => new Date().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '_');
