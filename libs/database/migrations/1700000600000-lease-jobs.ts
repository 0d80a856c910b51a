import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LeaseJobs1700000600000 implements MigrationInterface {
  name = 'LeaseJobs1700000600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE job
      ADD fingerprint uuid,
      ADD generation integer NOT NULL DEFAULT 0,
      ADD attempts integer NOT NULL DEFAULT 0,
      ADD run_after timestamptz NOT NULL DEFAULT now(),
      ADD lease_until timestamptz,
      ADD worker varchar(120)`);
    await runner.query('UPDATE job SET fingerprint = id');
    await runner.query('ALTER TABLE job ALTER fingerprint SET NOT NULL');
    await runner.query('DROP INDEX job_queue_state_created_at_idx');
    // What there is to do stays few, however many jobs are kept.
    await runner.query("CREATE INDEX job_open_idx ON job (created_at) WHERE state IN ('queued', 'started')");
    await runner.query('CREATE INDEX ON job (fingerprint, generation)');
    await runner.query('CREATE INDEX ON job (ended_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX job_open_idx, job_ended_at_idx, job_fingerprint_generation_idx');
    await runner.query('CREATE INDEX ON job (queue, state, created_at)');
    await runner.query(`ALTER TABLE job
      DROP fingerprint, DROP generation, DROP attempts, DROP run_after, DROP lease_until, DROP worker`);
  }
}
