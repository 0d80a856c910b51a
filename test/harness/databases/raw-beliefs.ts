import { Transactions } from '#lib/database';
import type { TestApp } from '../servers/app';

/** A row of the table of beliefs. */
export interface StoredBelief {
  /** ISO 8601, UTC. */
  event: string;
  horizonMs: number;
  source: number;
  probability: number;
  value: number;
}

/** Inserts beliefs into the table unchanged, without the rules of saving. */
export async function insertRawBeliefs(
  app: TestApp,
  sensorId: number,
  beliefs: (Pick<StoredBelief, 'event' | 'source' | 'value'> & Partial<StoredBelief>)[],
): Promise<void> {
  await app.get(Transactions).query(
    `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
     SELECT $1, * FROM unnest($2::timestamptz[], $3::bigint[], $4::int[], $5::float8[], $6::float8[])`,
    [
      sensorId,
      beliefs.map(({ event }) => event),
      beliefs.map(({ horizonMs = 0 }) => horizonMs),
      beliefs.map(({ source }) => source),
      beliefs.map(({ probability = 0.5 }) => probability),
      beliefs.map(({ value }) => value),
    ],
  );
}

/** All beliefs about a sensor, by event, and for each event from the oldest to the newest. */
export async function storedBeliefs(app: TestApp, sensorId: number): Promise<StoredBelief[]> {
  const rows = await app.get(Transactions).query<{
    event_start: Date;
    belief_horizon: string;
    source_id: number;
    cumulative_probability: number;
    event_value: number;
  }>(
    `SELECT * FROM timed_belief WHERE sensor_id = $1
     ORDER BY event_start, belief_horizon DESC, source_id, cumulative_probability`,
    [sensorId],
  );
  return rows.map((row) => ({
    event: row.event_start.toISOString(),
    horizonMs: Number(row.belief_horizon),
    source: row.source_id,
    probability: row.cumulative_probability,
    value: row.event_value,
  }));
}
