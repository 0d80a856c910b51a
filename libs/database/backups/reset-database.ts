import { DataSource, MigrationExecutor } from 'typeorm';
import { DomainError } from '#lib/errors';
import { ADVISORY_LOCKS } from '../advisory-locks';
import { connectionOptions } from '../connection/connection';
import { MIGRATIONS } from '../migrations';
import { withClient } from './backup-client';
import { findSchema, listTables, quoteAll, setTriggers } from './catalog.sql';
import { LOCK_TIMEOUT, toInUse } from './locks';

/**
 * Deletes all data, and creates the tables again in their newest version. Tables that no migration has created stay, but
 * lose their rows. Everything happens in one transaction, so that a failed or interrupted reset changes nothing.
 * @throws DomainError DATABASE_IN_USE; SCHEMA_UNKNOWN, if a later version of FlexMeasures has changed the schema
 */
export async function resetDatabase(uri: string): Promise<void> {
  const tables = await withClient(uri, async (client) =>
    (await findSchema(client)) === undefined ? [] : listTables(client),
  );
  const dataSource = new DataSource({ ...connectionOptions(uri), migrations: MIGRATIONS });
  await dataSource.initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await runner.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.migrations]).catch(toInUse);
    // Empty tables are reverted fast.
    if (tables.length > 0) {
      await runner.query(setTriggers(tables, 'DISABLE')).catch(toInUse);
      await runner.query(`TRUNCATE ${quoteAll(tables.map(({ name }) => name))}`).catch(toInUse);
    }
    const migrations = new MigrationExecutor(dataSource, runner);
    await revertAll(migrations);
    await migrations.executePendingMigrations();
    await runner.commitTransaction();
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
    await dataSource.destroy();
  }
}

async function revertAll(migrations: MigrationExecutor): Promise<void> {
  const applied = await migrations.getExecutedMigrations();
  const unknown = applied.find(({ name }) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown) {
    const message = `The database has the migration ${unknown.name}, which this version of FlexMeasures does not know.`;
    throw new DomainError('SCHEMA_UNKNOWN', message);
  }
  for (let count = applied.length; count > 0; count--) await migrations.undoLastMigration();
}
