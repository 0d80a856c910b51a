import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors of logins, and whether the users of an account need one. */
export class CreateTwoFactor1700002330000 implements MigrationInterface {
  name = 'CreateTwoFactor1700002330000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE account ADD COLUMN two_factor varchar(10) NOT NULL DEFAULT 'optional'
      CHECK (two_factor IN ('off', 'optional', 'required'))`);
    await runner.query(`CREATE TABLE two_factor (
      user_id integer PRIMARY KEY REFERENCES fm_user ON DELETE CASCADE,
      app_secret bytea,
      confirmed_at timestamptz,
      last_period bigint,
      recovery_hashes text[] NOT NULL DEFAULT '{}',
      mailed_hash text,
      mailed_until timestamptz,
      wrong_codes integer NOT NULL DEFAULT 0,
      blocked_until timestamptz
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE two_factor');
    await runner.query('ALTER TABLE account DROP COLUMN two_factor');
  }
}
