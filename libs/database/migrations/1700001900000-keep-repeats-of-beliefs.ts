import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a belief keep the times at which its source repeated it unchanged, as horizons. Reads no row. */
export class KeepRepeatsOfBeliefs1700001900000 implements MigrationInterface {
  name = 'KeepRepeatsOfBeliefs1700001900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE timed_belief ADD COLUMN repeated_horizons bigint[]');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE timed_belief DROP COLUMN repeated_horizons');
  }
}
