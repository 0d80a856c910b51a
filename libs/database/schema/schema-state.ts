import { Injectable } from '@nestjs/common';
import { MIGRATIONS } from '../migrations';
import { Transactions } from '../transactions';

const UPGRADE_HINT = 'Run `flexmeasures db upgrade`.';

/** Compares the schema of the database with the migrations of this version. */
@Injectable()
export class SchemaState {
  constructor(private readonly transactions: Transactions) {}

  /** What is wrong with the schema, and what to do; undefined if it is complete. */
  async findProblem(): Promise<string | undefined> {
    const [table] = await this.transactions.query<{ exists: boolean }>(
      "SELECT to_regclass('migrations') IS NOT NULL AS exists",
    );
    if (table?.exists !== true) return `The database has no schema yet. ${UPGRADE_HINT}`;
    const rows = await this.transactions.query<{ name: string }>('SELECT name FROM migrations');
    const applied = new Set(rows.map(({ name }) => name));
    const missing = MIGRATIONS.filter(({ name }) => !applied.has(name)).length;
    if (missing === 0) return undefined;
    const migrations = missing === 1 ? 'migration is' : 'migrations are';
    return `The schema of the database is older than this version: ${missing} ${migrations} not applied. ${UPGRADE_HINT}`;
  }
}
