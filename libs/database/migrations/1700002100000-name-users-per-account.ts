import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names of users are unique in their account, so that a refused name tells nothing about the users of other accounts. */
export class NameUsersPerAccount1700002100000 implements MigrationInterface {
  name = 'NameUsersPerAccount1700002100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE fm_user DROP CONSTRAINT fm_user_username_key,
      ADD CONSTRAINT fm_user_account_id_username_key UNIQUE (account_id, username)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Later users get their id behind a name that an earlier user has.
    await runner.query(`UPDATE fm_user SET username = left(username, 240) || ' ' || id
      WHERE EXISTS (SELECT FROM fm_user earlier WHERE earlier.username = fm_user.username AND earlier.id < fm_user.id)`);
    await runner.query(`ALTER TABLE fm_user DROP CONSTRAINT fm_user_account_id_username_key,
      ADD CONSTRAINT fm_user_username_key UNIQUE (username)`);
  }
}
