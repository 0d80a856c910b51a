import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Leaves a tenth of each page of beliefs free, so that a belief can keep a repeat of itself on its own page, without a new entry
 * in the index. Applies to pages that are written from now on; reads no row.
 */
export class LeaveRoomForRepeats1700002560000 implements MigrationInterface {
  name = 'LeaveRoomForRepeats1700002560000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of await tablesOfBeliefs(runner))
      await runner.query(`ALTER TABLE ${table} SET (fillfactor = 90)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of await tablesOfBeliefs(runner))
      await runner.query(`ALTER TABLE ${table} RESET (fillfactor)`);
  }
}

/** The partitions of the table of beliefs, or the table itself if it has none (as a hypertable). */
async function tablesOfBeliefs(runner: QueryRunner): Promise<string[]> {
  const rows = (await runner.query(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relkind = 'r' AND (oid = 'timed_belief'::regclass
       OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'timed_belief'::regclass))`,
  )) as { name: string }[];
  return rows.map(({ name }) => name);
}
