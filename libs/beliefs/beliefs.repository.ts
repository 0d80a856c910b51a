import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { copyBeliefs } from './belief-copy';
import type { BeliefFilter, MostRecent } from './belief-filter';
import type { BeliefKind } from './belief-maintenance.repository';
import type { SavedExtent } from './beliefs.events';
import { readDoubles, readIds, readIntegers, readTimes, type Column } from './column-format';
import type { BeliefColumns } from './model';
import {
  changedIncoming,
  incomingFromArrays,
  incomingFromStage,
  shortArraysOf,
  STAGE,
  STAGE_TABLE,
  type Incoming,
} from './save.sql';
import { countUpToSql, latestPerEventSql, searchSql } from './search.sql';
import {
  sourceFiguresSql,
  toSourceFigures,
  type SourceFigures,
  type SourceFiguresRow,
} from './source-figures.sql';

/** A belief that would replace another one of the same source and belief time. */
export interface Replacement {
  eventStartMs: number;
  sourceId: number;
  count: number;
}

/** Beliefs of one sensor, one per event: aligned arrays in order of event start. */
export interface EventSeries {
  /** Epoch milliseconds. */
  eventStarts: Float64Array;
  /** In the sensor's unit. */
  values: Float64Array;
}

/** When the first and the last event of a sensor start that anything is believed about, epoch milliseconds. */
export interface EventRange {
  firstStartMs: number;
  lastStartMs: number;
}

/** From so many incoming beliefs on, comparing each with all known ones would take minutes. */
const MANY = 1000;

@Injectable()
export class BeliefsRepository {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Lets one writer at a time change the beliefs of a sensor, and keeps the sensor from being changed or deleted
   * meanwhile. To be called in a transaction. @returns the length of its events in ms; undefined without the sensor.
   */
  async lockSensor(sensorId: number): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ resolution: string }>(
      `/* prepared */ SELECT extract(epoch FROM event_resolution) * 1000 AS resolution FROM sensor WHERE id = $1 FOR NO KEY UPDATE`,
      [sensorId],
    );
    return row && Number(row.resolution);
  }

  /** Whether anything at all is believed about a sensor. */
  async hasBeliefs(sensorId: number): Promise<boolean> {
    const rows = await this.transactions.query('SELECT FROM timed_belief WHERE sensor_id = $1 LIMIT 1', [
      sensorId,
    ]);
    return rows.length === 1;
  }

  /** Whether one of the sources believes something about events that start between two moments (inclusive). */
  async hasBeliefsBy(sensorId: number, sourceIds: number[], fromMs: number, toMs: number): Promise<boolean> {
    const rows = await this.transactions.query(
      `/* prepared */ SELECT FROM timed_belief
       WHERE sensor_id = $1 AND event_start BETWEEN $2 AND $3 AND source_id = ANY($4::int[]) LIMIT 1`,
      [sensorId, new Date(fromMs), new Date(toMs), sourceIds],
    );
    return rows.length === 1;
  }

  /** First and last events of sensors, by sensor id; sensors that nothing is believed about are left out. */
  async eventRanges(sensorIds: readonly number[]): Promise<Map<number, EventRange>> {
    const rows = await this.transactions.query<{ id: number; first: Date; last: Date }>(
      `SELECT id, first, last FROM unnest($1::int[]) AS id, LATERAL (
         SELECT min(event_start) AS first, max(event_start) AS last FROM timed_belief WHERE sensor_id = id
       ) AS range WHERE first IS NOT NULL`,
      [sensorIds],
    );
    return new Map(
      rows.map(({ id, first, last }) => [id, { firstStartMs: first.getTime(), lastStartMs: last.getTime() }]),
    );
  }

  /** Adds beliefs about events of which their sources believe nothing yet. */
  async copy(sensorId: number, beliefs: AsyncIterable<BeliefColumns>): Promise<void> {
    await copyBeliefs(this.transactions, 'timed_belief', sensorId, beliefs);
  }

  /** As `copy`, for few beliefs. */
  async insertNew(sensorId: number, beliefs: BeliefColumns): Promise<void> {
    const incoming = incomingFromArrays([beliefs]);
    await this.transactions.query(
      `${incoming.with}
       INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
       SELECT $1, event_start, belief_horizon, source_id, cumulative_probability, event_value FROM incoming`,
      [sensorId, ...incoming.parameters],
    );
  }

  /**
   * Adds a few beliefs about different events, in order of their starts, of which their sources believe nothing yet, and
   * emits events about them.
   * @param events name, actor and payloads, as Events.toSql gives them
   * @returns false, and nothing added, where they do, and where there is no sensor with events of that length
   */
  async insertIfNew(
    sensor: Sensor,
    beliefs: BeliefColumns,
    events: [name: string, actor: string, payloads: string[]],
  ): Promise<boolean> {
    const [row] = await this.transactions.select<{ inserted: boolean }>(
      '/* prepared */ SELECT insert_beliefs_if_new($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS inserted',
      [sensor.id, sensor.eventResolutionMs, ...shortArraysOf(beliefs), ...events],
    );
    return row?.inserted === true;
  }

  /** Deletes what sources believed about events, each at one moment. */
  async deleteAt(
    sensorId: number,
    sourceIds: readonly number[],
    { eventStarts, beliefHorizons }: Pick<BeliefColumns, 'eventStarts' | 'beliefHorizons'>,
  ): Promise<void> {
    await this.transactions.query(
      `DELETE FROM timed_belief
       USING unnest($3::float8[], $4::float8[]) AS moment (start_ms, horizon)
       WHERE sensor_id = $1 AND source_id = ANY($2::int[])
         AND event_start = to_timestamp(start_ms / 1000) AND belief_horizon = horizon::bigint`,
      [sensorId, sourceIds, Array.from(eventStarts), Array.from(beliefHorizons)],
    );
  }

  /** Takes beliefs in as parameters, to be saved by `saveIncoming`. */
  stageArrays(beliefs: BeliefColumns[]): Incoming {
    return incomingFromArrays(beliefs);
  }

  /** Takes any number of beliefs in, to be saved by `saveIncoming` in the same transaction. */
  async stage(sensorId: number, beliefs: AsyncIterable<BeliefColumns>): Promise<Incoming> {
    await this.transactions.query(STAGE_TABLE);
    await copyBeliefs(this.transactions, STAGE, sensorId, beliefs);
    await this.transactions.query(`ANALYZE ${STAGE}`);
    return incomingFromStage();
  }

  /**
   * Runs `work` with plans fit for many rows: of a sensor that the table's statistics do not know yet, the planner
   * expects a handful of beliefs, and would compare each incoming one with all of them.
   */
  async plannedForMany<T>(rows: number, work: () => Promise<T>): Promise<T> {
    if (rows < MANY) return work();
    await this.transactions.query('SET LOCAL enable_nestloop = off');
    const result = await work();
    await this.transactions.query('SET LOCAL enable_nestloop TO DEFAULT');
    return result;
  }

  /** The first incoming belief that contradicts a stored one of the same source and belief time. */
  async findReplacement(sensorId: number, incoming: Incoming): Promise<Replacement | undefined> {
    const [row] = await this.transactions.query<{ event_start: Date; source_id: number; count: string }>(
      `${incoming.with}
       SELECT event_start, source_id, count(*) OVER () AS count
       FROM incoming JOIN timed_belief known USING (event_start, belief_horizon, source_id, cumulative_probability)
       WHERE known.sensor_id = $1 AND known.event_start BETWEEN ${incoming.firstEvent} AND ${incoming.lastEvent}
         AND known.event_value <> incoming.event_value
       ORDER BY event_start LIMIT 1`,
      [sensorId, ...incoming.parameters],
    );
    return (
      row && { eventStartMs: row.event_start.getTime(), sourceId: row.source_id, count: Number(row.count) }
    );
  }

  /**
   * Saves what is new among the incoming beliefs; beliefs that repeat what their source held last are left out.
   * @returns what was saved: its extent by source and kind
   */
  async saveIncoming(
    sensorId: number,
    incoming: Incoming,
    overwrite: boolean,
  ): Promise<(SavedExtent & { sourceId: number; kind: BeliefKind })[]> {
    const onConflict = overwrite
      ? `ON CONFLICT (sensor_id, event_start, belief_horizon, source_id, cumulative_probability)
         DO UPDATE SET event_value = excluded.event_value WHERE timed_belief.event_value <> excluded.event_value`
      : 'ON CONFLICT DO NOTHING';
    const rows = await this.transactions.query<SavedRow>(
      `${incoming.with}, ${changedIncoming(incoming)},
       saved AS (
         INSERT INTO timed_belief
           (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
         SELECT $1, event_start, belief_horizon, source_id, cumulative_probability, event_value
         FROM changed ORDER BY event_start, belief_horizon, source_id, cumulative_probability
         ${onConflict} RETURNING source_id, event_start, belief_horizon
       )
       SELECT source_id, belief_horizon > 0 AS is_forecast, count(*), min(event_start) AS first, max(event_start) AS last
       FROM saved GROUP BY source_id, belief_horizon > 0`,
      [sensorId, ...incoming.parameters],
    );
    return rows.map((row) => ({
      sourceId: row.source_id,
      kind: row.is_forecast ? 'forecasts' : 'measurements',
      count: Number(row.count),
      firstStartMs: row.first.getTime(),
      lastStartMs: row.last.getTime(),
    }));
  }

  /** One belief per event: most recent, then highest source id, then the median. */
  async latestPerEvent(filter: BeliefFilter): Promise<EventSeries> {
    const { sql, parameters } = latestPerEventSql(filter);
    const [row] = await this.transactions.select<FoundColumns>(sql, parameters);
    return { eventStarts: readTimes(row?.event_starts), values: readDoubles(row?.event_values) };
  }

  /** How many beliefs pass a filter, counted up to a limit. */
  async countUpTo(limit: number, filter: BeliefFilter): Promise<number> {
    const { sql, parameters } = countUpToSql(limit, filter);
    const [row] = await this.transactions.query<{ count: string }>(sql, parameters);
    return Number(row?.count ?? 0);
  }

  /** Beliefs that pass a filter, all or the most recent; by event, then from the oldest to the newest. */
  async search(filter: BeliefFilter, mostRecent: MostRecent): Promise<BeliefColumns> {
    const { sql, parameters } = searchSql(filter, mostRecent);
    const [row] = await this.transactions.query<FoundColumns>(sql, parameters);
    return {
      eventStarts: readTimes(row?.event_starts),
      beliefHorizons: readIntegers(row?.horizons),
      sourceIds: readIds(row?.source_ids),
      cumulativeProbabilities: readDoubles(row?.probabilities),
      values: readDoubles(row?.event_values),
    };
  }

  /** Key figures of the most recent beliefs that pass a filter, for each source; by source id. */
  async figuresBySource(filter: BeliefFilter): Promise<SourceFigures[]> {
    const { sql, parameters } = sourceFiguresSql(filter);
    const rows = await this.transactions.query<SourceFiguresRow>(sql, parameters);
    return rows.map(toSourceFigures);
  }
}

/** What was saved of one source and kind. */
interface SavedRow {
  source_id: number;
  is_forecast: boolean;
  count: string;
  first: Date;
  last: Date;
}

/** Columns of what a search finds. */
type FoundColumns = Partial<
  Record<'event_starts' | 'horizons' | 'source_ids' | 'probabilities' | 'event_values', Column>
>;
