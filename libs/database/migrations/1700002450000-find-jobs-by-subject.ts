import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists of the jobs of an asset read its jobs by index. A job has an asset, a sensor, or sensors of devices. Takes a second per
 * 100,000 jobs.
 */
export class FindJobsBySubject1700002450000 implements MigrationInterface {
  name = 'FindJobsBySubject1700002450000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [index, field] of [
      ['job_asset_idx', 'assetId'],
      ['job_sensor_idx', 'sensorId'],
    ])
      await runner.query(
        `CREATE INDEX ${index} ON job ((payload ->> '${field}')) WHERE payload ->> '${field}' IS NOT NULL`,
      );
    await runner.query(
      `CREATE INDEX job_devices_idx ON job USING gin (jsonb_path_query_array(payload, '$.flexModel[*].sensor') jsonb_path_ops)
       WHERE payload ? 'flexModel'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX job_asset_idx, job_sensor_idx, job_devices_idx');
  }
}
