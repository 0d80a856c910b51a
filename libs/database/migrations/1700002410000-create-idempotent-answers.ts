import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers to requests with idempotency keys, until they expire. */
export class CreateIdempotentAnswers1700002410000 implements MigrationInterface {
  name = 'CreateIdempotentAnswers1700002410000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE idempotent_answer (
      user_id integer NOT NULL,
      key_hash bytea NOT NULL,
      request_hash bytea NOT NULL,
      answer bytea NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (user_id, key_hash)
    )`);
    await runner.query('CREATE INDEX idempotent_answer_created_at_idx ON idempotent_answer (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotent_answer');
  }
}
