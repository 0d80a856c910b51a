import { Client } from 'pg';

/** A power sensor of a new battery in an account, which is scheduled by the plugin scheduler `Slow`. @returns its id */
export async function addSlowSensor(sql: Client, accountId: number): Promise<number> {
  const scheduler = { 'custom-scheduler': { module: 'our_client', class: 'Slow' } };
  const asset = await sql.query<{ id: number }>(
    `INSERT INTO generic_asset (name, generic_asset_type_id, account_id, attributes)
     SELECT 'slow battery', id, $1, $2 FROM generic_asset_type WHERE name = 'battery' RETURNING id`,
    [accountId, JSON.stringify({ capacity_in_mw: 1, ...scheduler })],
  );
  const sensor = await sql.query<{ id: number }>(
    `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
     VALUES ('power', 'MW', '15 minutes', 'Europe/Amsterdam', $1) RETURNING id`,
    [asset.rows[0]!.id],
  );
  return sensor.rows[0]!.id;
}

/** Ids of the jobs that were started after a job was recorded and not after it was started itself, without that job. */
export async function findOvertakers(sql: Client, id: string): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT other.id FROM job, job other WHERE job.id = $1 AND other.id <> job.id
       AND other.started_at >= job.created_at AND other.started_at <= job.started_at`,
    [id],
  );
  return rows.map((row) => row.id);
}
