import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import type { TestApp } from '../../harness/servers/app';

/**
 * All that is stored about a sensor, in a canonical order: event, minus the horizon, source, probability, value, and the
 * horizons of the repeats, the latest first.
 */
export async function storedStatements(app: TestApp, sensor: Sensor): Promise<unknown[]> {
  const rows = await app.get(Transactions).query<{ row: unknown[]; repeats: string[] | null }>(
    `SELECT ARRAY[extract(epoch FROM event_start) * 1000, -belief_horizon, source_id, cumulative_probability, event_value]
       ::float8[] AS row, repeated_horizons AS repeats
     FROM timed_belief WHERE sensor_id = $1`,
    [sensor.id],
  );
  return inOrder(rows.map(({ row, repeats }) => [...row, repeats?.map(Number) ?? null]));
}

/** Rows in an order that depends only on what they hold. */
export const inOrder = (rows: readonly unknown[]): unknown[] =>
  rows
    .map((row) => JSON.stringify(row))
    .sort()
    .map((text) => JSON.parse(text) as unknown);
