import type { MigrationInterface, QueryRunner } from 'typeorm';

const KEY = 'sensor_id, event_start, belief_horizon, source_id, cumulative_probability';

/**
 * Puts values beside the key of beliefs, so that searches need not fetch them from the table, where a meter's beliefs
 * lie among those of all others. Building the key anew takes a second per million beliefs, in which others wait.
 */
export class IncludeValuesInKey1700000900000 implements MigrationInterface {
  name = 'IncludeValuesInKey1700000900000';

  async up(runner: QueryRunner): Promise<void> {
    await changeKey(runner, `PRIMARY KEY (${KEY}) INCLUDE (event_value)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await changeKey(runner, `PRIMARY KEY (${KEY})`);
  }
}

/** Also changes the keys of partitions, which keep their names. */
async function changeKey(runner: QueryRunner, key: string): Promise<void> {
  await runner.query(
    `ALTER TABLE timed_belief DROP CONSTRAINT timed_belief_pkey, ADD CONSTRAINT timed_belief_pkey ${key}`,
  );
}
