import { DataSource } from 'typeorm';
import { ADVISORY_LOCKS } from '../advisory-locks';
import { connectionOptions } from '../connection/connection';
import { MIGRATIONS } from '../migrations';
import { countUntil } from './revisions';

/** A migration, and whether it is applied to this database. */
export interface MigrationState {
  name: string;
  applied: boolean;
}

/** Applies and reverts migrations. Each migration runs in a transaction of its own. */
export class Migrator {
  constructor(private readonly uri: string) {}

  /**
   * Applies pending migrations: all, or those up to a revision (see `countUntil`).
   * @returns their names, oldest first
   * @throws DomainError REVISION_UNKNOWN
   */
  upgrade(revision = 'head'): Promise<string[]> {
    const wanted = MIGRATIONS.slice(0, countUntil(revision));
    return this.withDataSource(wanted, async (dataSource) => {
      // Concurrent upgrades would see the same pending migrations. The lock makes the second wait for the first. It is
      // that of a transaction, because connection poolers may send the next statement to another session.
      const guard = dataSource.createQueryRunner();
      try {
        await guard.startTransaction();
        await guard.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.migrations]);
        const applied = await dataSource.runMigrations({ transaction: 'each' });
        return applied.map(({ name }) => name);
      } finally {
        if (guard.isTransactionActive) await guard.rollbackTransaction();
        await guard.release();
      }
    });
  }

  /** Reverts the newest migration. @returns its name; undefined if no migration is applied. */
  downgrade(): Promise<string | undefined> {
    return this.withDataSource(MIGRATIONS, async (dataSource) => {
      const newest = (await this.findAppliedNames(dataSource)).pop();
      if (newest !== undefined) await dataSource.undoLastMigration({ transaction: 'each' });
      return newest;
    });
  }

  /**
   * Reverts all migrations after a revision (see `countUntil`).
   * @returns their names, newest first
   * @throws DomainError REVISION_UNKNOWN
   */
  downgradeTo(revision: string): Promise<string[]> {
    const kept = new Set(MIGRATIONS.slice(0, countUntil(revision)).map(({ name }) => name));
    return this.withDataSource(MIGRATIONS, async (dataSource) => {
      const reverted = (await this.findAppliedNames(dataSource)).filter((name) => !kept.has(name)).reverse();
      for (let count = reverted.length; count > 0; count--)
        await dataSource.undoLastMigration({ transaction: 'each' });
      return reverted;
    });
  }

  /** All known migrations, oldest first. */
  history(): Promise<MigrationState[]> {
    return this.withDataSource(MIGRATIONS, async (dataSource) => {
      const applied = new Set(await this.findAppliedNames(dataSource));
      return MIGRATIONS.map(({ name }) => ({ name, applied: applied.has(name) }));
    });
  }

  private async findAppliedNames(dataSource: DataSource): Promise<string[]> {
    const [table] = await dataSource.query<{ exists: boolean }[]>(
      "SELECT to_regclass('migrations') IS NOT NULL AS exists",
    );
    if (table?.exists !== true) return [];
    const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
    return rows.map(({ name }) => name);
  }

  private async withDataSource<T>(
    migrations: typeof MIGRATIONS,
    work: (dataSource: DataSource) => Promise<T>,
  ): Promise<T> {
    const dataSource = new DataSource({ ...connectionOptions(this.uri), migrations });
    await dataSource.initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  }
}
