import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts of requests to deprecated versions of the API, by version and user. */
export class CreateApiVersionUse1700002510000 implements MigrationInterface {
  name = 'CreateApiVersionUse1700002510000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE api_version_use (
      version varchar(10) NOT NULL,
      user_id integer NOT NULL,
      requests bigint NOT NULL,
      last_used_at timestamptz NOT NULL,
      PRIMARY KEY (version, user_id),
      FOREIGN KEY (user_id) REFERENCES fm_user (id) ON DELETE CASCADE
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_version_use');
  }
}
