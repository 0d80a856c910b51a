import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateJob1700000200000 implements MigrationInterface {
  name = 'CreateJob1700000200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE job (
      id uuid PRIMARY KEY,
      queue varchar(40) NOT NULL,
      kind varchar(40) NOT NULL,
      state varchar(10) NOT NULL,
      payload jsonb NOT NULL,
      result jsonb,
      failure_reason text,
      created_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      ended_at timestamptz
    )`);
    await runner.query('CREATE INDEX ON job (queue, state, created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job');
  }
}
