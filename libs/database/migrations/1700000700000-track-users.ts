import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TrackUsers1700000700000 implements MigrationInterface {
  name = 'TrackUsers1700000700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE fm_user ADD COLUMN last_seen_at timestamptz');
    // Addresses are compared in lower case; where two users differ in case only, both stay as they are.
    await runner.query(
      `UPDATE fm_user SET email = lower(email) WHERE email <> lower(email)
       AND NOT EXISTS (SELECT FROM fm_user other WHERE other.id <> fm_user.id AND lower(other.email) = lower(fm_user.email))`,
    );
    await runner.query(
      'CREATE TABLE ended_session (id varchar(36) PRIMARY KEY, expires_at timestamptz NOT NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ended_session');
    await runner.query('ALTER TABLE fm_user DROP COLUMN last_seen_at');
  }
}
