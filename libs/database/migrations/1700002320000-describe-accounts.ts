import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Looks of accounts, their attributes, and the account whose consultants advise them. */
export class DescribeAccounts1700002320000 implements MigrationInterface {
  name = 'DescribeAccounts1700002320000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE account
      ADD COLUMN primary_color varchar(7),
      ADD COLUMN secondary_color varchar(7),
      ADD COLUMN logo_url varchar(255),
      ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}',
      ADD COLUMN consultancy_account_id integer REFERENCES account ON DELETE SET NULL`);
    await runner.query('CREATE INDEX account_consultancy_account_id_idx ON account (consultancy_account_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE account
      DROP COLUMN primary_color,
      DROP COLUMN secondary_color,
      DROP COLUMN logo_url,
      DROP COLUMN attributes,
      DROP COLUMN consultancy_account_id`);
  }
}
