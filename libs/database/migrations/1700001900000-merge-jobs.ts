import type { MigrationInterface, QueryRunner } from 'typeorm';

/** New work can be merged into a job that waits. */
export class MergeJobs1700001900000 implements MigrationInterface {
  name = 'MergeJobs1700001900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE job ADD merge_key uuid');
    await runner.query("CREATE INDEX job_merge_idx ON job (merge_key) WHERE state = 'queued'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX job_merge_idx');
    await runner.query('ALTER TABLE job DROP merge_key');
  }
}
