import type { MigrationInterface, QueryRunner } from 'typeorm';

const BELIEF = 'sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value';
const KEY = 'sensor_id, event_start, belief_horizon, source_id, cumulative_probability';

/**
 * Makes the table of beliefs one that can have partitions by event start. The table that was becomes the default
 * partition as it is: no belief is read or written. Partitions for periods come by setting: docs/data-model.md.
 */
export class PartitionBeliefs1700000300000 implements MigrationInterface {
  name = 'PartitionBeliefs1700000300000';

  async up(runner: QueryRunner): Promise<void> {
    await rename(runner, 'timed_belief', 'timed_belief_default');
    await runner.query(
      `CREATE TABLE timed_belief (LIKE timed_belief_default INCLUDING DEFAULTS, PRIMARY KEY (${KEY}))
       PARTITION BY RANGE (event_start)`,
    );
    await runner.query('ALTER TABLE timed_belief ATTACH PARTITION timed_belief_default DEFAULT');
  }

  /** Keeps all beliefs: those outside the oldest partition are moved into it, and it becomes the table. */
  async down(runner: QueryRunner): Promise<void> {
    const [found] = (await runner.query(
      "SELECT coalesce(to_regclass('timed_belief_history'), to_regclass('timed_belief_default'))::text AS name",
    )) as [{ name: string }];
    await runner.query(`ALTER TABLE timed_belief DETACH PARTITION ${found.name}`);
    await runner.query(`INSERT INTO ${found.name} (${BELIEF}) SELECT ${BELIEF} FROM timed_belief`);
    await runner.query('DROP TABLE timed_belief');
    await rename(runner, found.name, 'timed_belief');
  }
}

async function rename(runner: QueryRunner, from: string, to: string): Promise<void> {
  await runner.query(`ALTER TABLE ${from} RENAME TO ${to}`);
  await runner.query(`ALTER INDEX ${from}_pkey RENAME TO ${to}_pkey`);
}
