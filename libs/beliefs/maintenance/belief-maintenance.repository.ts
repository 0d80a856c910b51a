import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import type { BeliefKind } from '../store/sql/belief-filter';
import { MAX_REPEATS, numberedRuns } from '../store/sql/save.sql';

/** A selection of stored beliefs; without sensors, those about all sensors. */
export interface BeliefSelection {
  sensorIds?: number[];
  /** Both kinds if left out. */
  kind?: BeliefKind;
  /** Only those whose value is NaN or infinite. */
  nonFiniteOnly?: boolean;
  /** Only those of this source. */
  sourceId?: number;
  /** Only those about events that start between these times, inclusive; epoch milliseconds. */
  firstStartMs?: number;
  lastStartMs?: number;
}

/** How many beliefs there are of each kind. */
export type CountByKind = Record<BeliefKind, number>;

/** Events that start in [startMs, endMs), epoch milliseconds; open where undefined. */
export interface EventWindow {
  startMs?: number;
  endMs?: number;
}

/** The number of beliefs about some events, and the mean of their values; NaN if there are none. */
export interface BeliefSummary {
  count: number;
  mean: number;
}

const HORIZON: Record<BeliefKind, string> = {
  forecasts: 'belief_horizon > 0',
  measurements: 'belief_horizon <= 0',
};

/**
 * `unchanged`: beliefs about sensor $1, of the kinds $2, that repeat their source's previous belief about the event, as when
 * beliefs are saved. `runs`: each belief that has such repeats, with their horizons.
 */
const UNCHANGED = `WITH distributions AS (
    SELECT event_start, source_id, belief_horizon, belief_horizon > 0 AS is_forecast,
      max(repeated_horizons) AS repeated_horizons, count(*) AS points,
      array_agg(ARRAY[cumulative_probability, event_value] ORDER BY cumulative_probability) AS distribution
    FROM timed_belief WHERE sensor_id = $1 GROUP BY event_start, source_id, belief_horizon
  ),
  ${numberedRuns('repeated_horizons, points')},
  selected AS (
    SELECT * FROM numbered WHERE CASE WHEN is_forecast THEN 'forecasts' ELSE 'measurements' END = ANY($2::text[])
  ),
  runs AS (
    SELECT event_start, source_id, max(belief_horizon) AS belief_horizon,
      (array_agg(repeat ORDER BY repeat) FILTER (WHERE repeat IS NOT NULL))[1:${MAX_REPEATS}] AS repeated_horizons
    FROM selected LEFT JOIN LATERAL (
      SELECT belief_horizon WHERE unchanged UNION SELECT unnest(repeated_horizons)
    ) AS repeats (repeat) ON true
    GROUP BY event_start, source_id, is_forecast, run HAVING bool_or(unchanged)
  ),
  unchanged AS (SELECT event_start, source_id, belief_horizon, points FROM selected WHERE unchanged)`;

/** Counts and deletes stored beliefs. */
@Injectable()
export class BeliefMaintenanceRepository {
  constructor(private readonly transactions: Transactions) {}

  async count(selection: BeliefSelection): Promise<number> {
    const { where, parameters } = whereSql(selection);
    const [row] = await this.transactions.query<{ count: string }>(
      `SELECT count(*) FROM timed_belief WHERE ${where}`,
      parameters,
    );
    return Number(row?.count);
  }

  /** @returns the number of deleted beliefs. */
  async delete(selection: BeliefSelection): Promise<number> {
    const { where, parameters } = whereSql(selection);
    const [row] = await this.transactions.query<{ count: string }>(
      `WITH deleted AS (DELETE FROM timed_belief WHERE ${where} RETURNING 1) SELECT count(*) FROM deleted`,
      parameters,
    );
    return Number(row?.count);
  }

  /** Deletes all beliefs about all sensors. Fast for any number; waits until nobody reads or writes beliefs. */
  async deleteAll(): Promise<void> {
    await this.transactions.query('TRUNCATE timed_belief');
  }

  async countUnchanged(sensorId: number, kinds: BeliefKind[]): Promise<CountByKind> {
    const [row] = await this.transactions.query<Record<BeliefKind, string>>(
      `${UNCHANGED}
       SELECT sum(points) FILTER (WHERE belief_horizon > 0) AS forecasts,
         sum(points) FILTER (WHERE belief_horizon <= 0) AS measurements
       FROM unchanged`,
      [sensorId, kinds],
    );
    return toCounts(row);
  }

  /** To be called in a transaction. @returns the number of deleted beliefs. */
  async deleteUnchanged(sensorId: number, kinds: BeliefKind[]): Promise<CountByKind> {
    // A nested loop would take hours for a million beliefs, and the planner may expect only a few.
    await this.transactions.query('SET LOCAL enable_nestloop = off');
    const [row] = await this.transactions.query<Record<BeliefKind, string>>(
      `${UNCHANGED},
       repeating AS (
         UPDATE timed_belief belief SET repeated_horizons = runs.repeated_horizons
         FROM runs
         WHERE belief.sensor_id = $1 AND belief.event_start = runs.event_start
           AND belief.source_id = runs.source_id AND belief.belief_horizon = runs.belief_horizon
       ),
       deleted AS (
         DELETE FROM timed_belief belief USING unchanged
         WHERE belief.sensor_id = $1 AND belief.event_start = unchanged.event_start
           AND belief.source_id = unchanged.source_id AND belief.belief_horizon = unchanged.belief_horizon
         RETURNING belief.belief_horizon
       )
       SELECT count(*) FILTER (WHERE belief_horizon > 0) AS forecasts,
         count(*) FILTER (WHERE belief_horizon <= 0) AS measurements
       FROM deleted`,
      [sensorId, kinds],
    );
    await this.transactions.query('SET LOCAL enable_nestloop TO DEFAULT');
    return toCounts(row);
  }

  /** Event start (ms) of the belief that comes `offset` beliefs after the first one in the window, by event. */
  async findEventStart(sensorId: number, window: EventWindow, offset = 0): Promise<number | undefined> {
    const { where, parameters } = windowSql(sensorId, window);
    const [row] = await this.transactions.query<{ event_start: Date }>(
      `SELECT event_start FROM timed_belief WHERE ${where} ORDER BY event_start OFFSET ${offset} LIMIT 1`,
      parameters,
    );
    return row?.event_start.getTime();
  }

  async deleteEvents(sensorId: number, window: EventWindow): Promise<void> {
    const { where, parameters } = windowSql(sensorId, window);
    await this.transactions.query(`DELETE FROM timed_belief WHERE ${where}`, parameters);
  }

  async summarise(sensorId: number, window: EventWindow): Promise<BeliefSummary> {
    const { where, parameters } = windowSql(sensorId, window);
    const [row] = await this.transactions.query<{ count: string; mean: number | null }>(
      `SELECT count(*), avg(event_value) FILTER (WHERE event_value <> 'NaN') AS mean
       FROM timed_belief WHERE ${where}`,
      parameters,
    );
    return { count: Number(row?.count), mean: row?.mean ?? NaN };
  }
}

interface Where {
  where: string;
  parameters: unknown[];
}

function whereSql(selection: BeliefSelection): Where {
  const { sensorIds, kind, nonFiniteOnly, sourceId, firstStartMs, lastStartMs } = selection;
  const parameters: unknown[] = [];
  const compare = (comparison: string, type: string, value: unknown): string[] =>
    value === undefined ? [] : [`${comparison} $${parameters.push(value)}::${type}`];
  const moment = (ms: number | undefined): Date | undefined => (ms === undefined ? ms : new Date(ms));
  const conditions = [
    ...(sensorIds ? [`sensor_id = ANY($${parameters.push(sensorIds)}::int[])`] : []),
    ...compare('source_id =', 'int', sourceId),
    ...compare('event_start >=', 'timestamptz', moment(firstStartMs)),
    ...compare('event_start <=', 'timestamptz', moment(lastStartMs)),
    ...(kind ? [HORIZON[kind]] : []),
    ...(nonFiniteOnly ? ["event_value IN ('NaN', 'Infinity', '-Infinity')"] : []),
  ];
  return { where: conditions.join(' AND ') || 'true', parameters };
}

function windowSql(sensorId: number, { startMs, endMs }: EventWindow): Where {
  return {
    where: `sensor_id = $1 AND event_start >= $2::timestamptz AND event_start < $3::timestamptz`,
    parameters: [
      sensorId,
      startMs === undefined ? '-infinity' : new Date(startMs),
      endMs === undefined ? 'infinity' : new Date(endMs),
    ],
  };
}

const toCounts = (row: Record<BeliefKind, string> | undefined): CountByKind => ({
  forecasts: Number(row?.forecasts ?? 0),
  measurements: Number(row?.measurements ?? 0),
});
