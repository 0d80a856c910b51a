import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs have an account, whose jobs take turns with those of other accounts, and a deadline. */
export class ShareQueues1700001800000 implements MigrationInterface {
  name = 'ShareQueues1700001800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE job
      ADD account_id integer NOT NULL DEFAULT 0,
      ADD user_id integer,
      ADD is_limited boolean NOT NULL DEFAULT false,
      ADD turn integer NOT NULL DEFAULT 0,
      ADD deadline timestamptz NOT NULL DEFAULT now() + interval '1 day'`);
    await runner.query("UPDATE job SET deadline = created_at + interval '1 day'");
    // Jobs are no longer taken in the order of their creation.
    await runner.query('DROP INDEX job_open_idx');
    await runner.query(
      "CREATE INDEX job_waiting_idx ON job (queue, turn, created_at) WHERE state IN ('queued', 'started')",
    );
    await runner.query('CREATE INDEX job_started_turn_idx ON job (queue, turn) WHERE attempts > 0');
    await runner.query(
      "CREATE INDEX job_account_turn_idx ON job (queue, account_id, turn) WHERE attempts > 0 OR state = 'queued'",
    );
    await runner.query(
      "CREATE INDEX job_limited_idx ON job (account_id, user_id) WHERE is_limited AND state IN ('queued', 'started')",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX job_waiting_idx, job_started_turn_idx, job_account_turn_idx, job_limited_idx',
    );
    await runner.query("CREATE INDEX job_open_idx ON job (created_at) WHERE state IN ('queued', 'started')");
    await runner.query(
      'ALTER TABLE job DROP account_id, DROP user_id, DROP is_limited, DROP turn, DROP deadline',
    );
  }
}
