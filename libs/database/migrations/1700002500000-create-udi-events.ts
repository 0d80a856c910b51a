import type { MigrationInterface, QueryRunner } from 'typeorm';

/** UDI events of the API before version 3, with the jobs that they triggered. */
export class CreateUdiEvents1700002500000 implements MigrationInterface {
  name = 'CreateUdiEvents1700002500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE udi_event (
      sensor_id integer NOT NULL,
      event_id bigint NOT NULL,
      event_type varchar(80) NOT NULL,
      job_id uuid NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (sensor_id, event_id, event_type),
      FOREIGN KEY (sensor_id) REFERENCES sensor (id) ON DELETE CASCADE
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE udi_event');
  }
}
