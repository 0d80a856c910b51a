import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Assets have a description, an id in another system, stored flexibility, and the sensors that their charts show. */
export class DescribeAssets1700002200000 implements MigrationInterface {
  name = 'DescribeAssets1700002200000';

  async up(runner: QueryRunner): Promise<void> {
    // All defaults are constant, so that no row is rewritten.
    await runner.query(`ALTER TABLE generic_asset
      ADD COLUMN description text,
      ADD COLUMN external_id varchar(80),
      ADD COLUMN flex_context jsonb NOT NULL DEFAULT '{}',
      ADD COLUMN flex_model jsonb NOT NULL DEFAULT '{}',
      ADD COLUMN sensors_to_show jsonb,
      ADD COLUMN sensors_to_show_as_kpis jsonb NOT NULL DEFAULT '[]',
      ADD CONSTRAINT generic_asset_account_id_external_id_key UNIQUE (account_id, external_id)`);
    await runner.query('CREATE INDEX generic_asset_parent_asset_id_idx ON generic_asset (parent_asset_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    // Clients of earlier versions read the sensors to show in the attributes.
    await runner.query(`UPDATE generic_asset
      SET attributes = attributes || jsonb_build_object('sensors_to_show', sensors_to_show)
      WHERE sensors_to_show IS NOT NULL`);
    await runner.query('DROP INDEX generic_asset_parent_asset_id_idx');
    await runner.query(`ALTER TABLE generic_asset
      DROP CONSTRAINT generic_asset_account_id_external_id_key,
      DROP COLUMN description,
      DROP COLUMN external_id,
      DROP COLUMN flex_context,
      DROP COLUMN flex_model,
      DROP COLUMN sensors_to_show,
      DROP COLUMN sensors_to_show_as_kpis`);
  }
}
