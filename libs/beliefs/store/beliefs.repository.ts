import { Inject, Injectable } from '@nestjs/common';
import { TimeSlice } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { emptyBeliefColumns, type BeliefColumns } from '../model';
import { bucketsSql, type BucketColumns, type Buckets } from './sql/buckets.sql';
import { copyBeliefs } from './belief-copy';
import { isAscending } from './belief-stream';
import type {
  BeliefKind,
  BeliefFilter,
  EventFilter,
  ManySensorsFilter,
  MostRecent,
} from './sql/belief-filter';
import type { SavedExtent } from './beliefs.events';
import {
  BELIEF_BYTES,
  decodeBeliefs,
  decodeEvents,
  EVENT_BYTES,
  readDoubles,
  readIds,
  readTimes,
  type Column,
  type Part,
} from './sql/column-format';
import { saveIncomingSql, saveLaterSql } from './sql/save-incoming.sql';
import {
  incomingFromArrays,
  incomingFromStage,
  shortArraysOf,
  STAGE,
  STAGE_TABLE,
  type Incoming,
} from './sql/save.sql';
import {
  countEventsUpToSql,
  countUpToSql,
  lastEventSql,
  latestPerEventOfManySql,
  latestPerEventSql,
  newestFirstSql,
  searchSql,
  statementsSql,
  type Statement,
} from './sql/search.sql';
import {
  sourceFiguresSql,
  toSourceFigures,
  type SourceFigures,
  type SourceFiguresRow,
} from './sql/source-figures.sql';

/** The first of the beliefs that would replace others of the same source and belief time, and how many there are. */
export interface Replacement {
  eventStartMs: number;
  count: number;
}

/** What was saved of one source and kind. */
export interface SourceExtent extends SavedExtent {
  sourceId: number;
  kind: BeliefKind;
}

/** Values about one sensor, one per event: aligned arrays ordered by event start. */
export interface EventSeries {
  /** Epoch milliseconds. */
  eventStarts: Float64Array;
  /** In the sensor's unit. */
  values: Float64Array;
}

/** The last of several events; its start is in epoch milliseconds, its value in the sensor's unit. */
export interface LastEvent {
  startMs: number;
  value: number;
  /** Who states the value. */
  sourceId: number;
}

interface LastEventRow {
  event_start: Date;
  event_value: number;
  source_id: number;
}

/** Starts of the first and the last event of a sensor that has beliefs, epoch milliseconds. */
export interface EventRange {
  firstStartMs: number;
  lastStartMs: number;
}

/** From this number of incoming beliefs on, a nested loop over incoming and stored beliefs would take minutes. */
const MANY = 1000;

@Injectable()
export class BeliefsRepository {
  constructor(
    private readonly transactions: Transactions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Locks a sensor, so that only this transaction changes its beliefs and nobody changes or deletes the sensor. To be
   * called in a transaction. @returns its event resolution in ms; undefined if there is no such sensor
   */
  async lockSensor(sensorId: number): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ resolution: string }>(
      `/* prepared */ SELECT extract(epoch FROM event_resolution) * 1000 AS resolution FROM sensor WHERE id = $1 FOR NO KEY UPDATE`,
      [sensorId],
    );
    return row && Number(row.resolution);
  }

  /** Whether there are any beliefs about a sensor. */
  async hasBeliefs(sensorId: number): Promise<boolean> {
    const rows = await this.transactions.query('SELECT FROM timed_belief WHERE sensor_id = $1 LIMIT 1', [
      sensorId,
    ]);
    return rows.length === 1;
  }

  /** Whether one of the sources has beliefs about events that start between two moments (inclusive). */
  async hasBeliefsBy(sensorId: number, sourceIds: number[], fromMs: number, toMs: number): Promise<boolean> {
    const rows = await this.transactions.query(
      `/* prepared */ SELECT FROM timed_belief
       WHERE sensor_id = $1 AND event_start BETWEEN $2 AND $3 AND source_id = ANY($4::int[]) LIMIT 1`,
      [sensorId, new Date(fromMs), new Date(toMs), sourceIds],
    );
    return rows.length === 1;
  }

  /** First and last events of sensors, by sensor id; sensors without beliefs are left out. */
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

  /** Adds beliefs about events about which their sources have none yet. */
  async copy(sensorId: number, beliefs: AsyncIterable<BeliefColumns>): Promise<void> {
    await copyBeliefs(this.transactions, 'timed_belief', sensorId, beliefs);
  }

  /**
   * Adds a few beliefs about different events, ordered by event start, about which their sources have none yet, and
   * emits events about them.
   * @param events name, actor and payloads, from Events.toSqlParameters
   * @returns false, with nothing added, if they have, or if there is no sensor with that event resolution
   */
  async insertIfNew(
    sensor: Sensor,
    beliefs: BeliefColumns,
    events: [name: string, actor: string, payloads: string[]],
  ): Promise<boolean> {
    const [row] = await this.transactions.select<{ inserted: boolean }>(
      '/* prepared */ SELECT insert_beliefs_if_new($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS inserted',
      [sensor.id, sensor.eventResolutionMs, ...shortArraysOf(beliefs), ...events],
    );
    return row?.inserted === true;
  }

  /** Deletes what sources stated about events, each with the horizon given for the event. */
  async deleteAt(
    sensorId: number,
    sourceIds: readonly number[],
    { eventStarts, beliefHorizons }: Pick<BeliefColumns, 'eventStarts' | 'beliefHorizons'>,
  ): Promise<void> {
    const parameters = [sensorId, sourceIds, Array.from(eventStarts), Array.from(beliefHorizons)];
    const moments = 'unnest($3::float8[], $4::float8[]) AS moment (start_ms, horizon)';
    const isAtMoment = `sensor_id = $1 AND source_id = ANY($2::int[]) AND event_start = to_timestamp(start_ms / 1000)`;
    await this.transactions.query(
      `DELETE FROM timed_belief USING ${moments} WHERE ${isAtMoment} AND belief_horizon = horizon::bigint`,
      parameters,
    );
    await this.transactions.query(
      `UPDATE timed_belief SET repeated_horizons = nullif(array_remove(repeated_horizons, horizon::bigint), '{}')
       FROM ${moments} WHERE ${isAtMoment} AND horizon::bigint = ANY(repeated_horizons)`,
      parameters,
    );
  }

  /** Prepares beliefs as parameters for `saveIncoming`. */
  stageArrays(beliefs: BeliefColumns[]): Incoming {
    return incomingFromArrays(beliefs, isAscending(beliefs));
  }

  /** Stages any number of beliefs in a temporary table for `saveIncoming` in the same transaction. */
  async stage(sensorId: number, beliefs: AsyncIterable<BeliefColumns>): Promise<Incoming> {
    let [firstMs, lastMs] = [Infinity, -Infinity];
    const measured = async function* (): AsyncIterable<BeliefColumns> {
      for await (const batch of beliefs) {
        for (const startMs of batch.eventStarts) {
          if (startMs < firstMs) firstMs = startMs;
          if (startMs > lastMs) lastMs = startMs;
        }
        yield batch;
      }
    };
    await this.transactions.query(STAGE_TABLE);
    await copyBeliefs(this.transactions, STAGE, sensorId, measured());
    await this.transactions.query(`ANALYZE ${STAGE}`);
    return incomingFromStage(firstMs, lastMs);
  }

  /**
   * Runs `work` with query plans that suit many rows. For a sensor that is not in the table's statistics yet, the planner
   * expects a handful of beliefs, and would compare each incoming one with all of them.
   */
  async withPlansForMany<T>(rows: number, work: () => Promise<T>): Promise<T> {
    if (rows < MANY) return work();
    await this.transactions.query('SET LOCAL enable_nestloop = off');
    const result = await work();
    await this.transactions.query('SET LOCAL enable_nestloop TO DEFAULT');
    return result;
  }

  /**
   * Saves the incoming beliefs. Of those that repeat their source's previous belief, only the times are kept.
   * @returns what was saved: its extent by source and kind; or, with nothing saved, the belief that would be replaced
   */
  async saveIncoming(
    sensorId: number,
    incoming: Incoming,
    overwrite: boolean,
  ): Promise<{ extents: SourceExtent[]; replacement?: Replacement }> {
    const parameters = [sensorId, ...incoming.parameters];
    // Nearly all saves of a few beliefs about different events are such: posts of meters, schedules and forecasts.
    if (incoming.areFew && incoming.areAscending) {
      const later = await this.transactions.query<LaterRow>(saveLaterSql(incoming), parameters);
      if (!later.some(({ is_incomplete: isIncomplete }) => isIncomplete))
        return { extents: later.map(toExtent) };
    }
    const rows = await this.transactions.query<SavedRow>(saveIncomingSql(incoming, overwrite), [
      ...parameters,
      ...incoming.periodParameters,
    ]);
    const replacement = rows.find(({ is_replacement: isReplacement }) => isReplacement);
    if (replacement) return { extents: [], replacement: toReplacement(replacement) };
    return { extents: rows.map(toExtent) };
  }

  /**
   * One value per event: of the most recent belief, then of the highest source id, then the median.
   * @param maxEvents to be given if there may be many events; the first ones are returned
   */
  async latestPerEvent(filter: BeliefFilter, maxEvents?: number): Promise<EventSeries> {
    const { sql, parameters } = latestPerEventSql(filter, {
      maxEvents,
      // The planner skips partitions only if it knows the values.
      mayPrepare: this.settings.beliefPartitioning === 'none',
    });
    const rows = await this.transactions.select<Part | FoundColumns>(sql, parameters);
    const [first] = rows;
    if (!first || 'text' in first) return readEvents(rows as Part[]);
    return { eventStarts: readTimes(first.event_starts), values: readDoubles(first.event_values) };
  }

  /** `latestPerEvent` of several sensors, by sensor id; those without events are left out. */
  async latestPerEventOfMany(
    sensorIds: readonly number[],
    filter: ManySensorsFilter,
  ): Promise<Map<number, EventSeries>> {
    const { sql, parameters } = latestPerEventOfManySql(sensorIds, filter);
    const rows = await this.transactions.select<Part & { sensor_id: number }>(sql, parameters);
    const found = new Map<number, EventSeries>();
    for (const row of rows) found.set(row.sensor_id, await readEvents([row]));
    return found;
  }

  /** The last event with a belief that passes, with the value that `latestPerEvent` has. */
  async findLastEvent(filter: BeliefFilter): Promise<LastEvent | undefined> {
    const { sql, parameters } = lastEventSql(filter);
    const [row] = await this.transactions.select<LastEventRow>(sql, parameters);
    return row && { startMs: row.event_start.getTime(), value: row.event_value, sourceId: row.source_id };
  }

  /** The number of beliefs that pass a filter, counted up to a limit. */
  countUpTo(limit: number, filter: BeliefFilter): Promise<number> {
    return this.count(countUpToSql(limit, filter));
  }

  /** The number of events that have beliefs that pass a filter, counted up to a limit; the limit, too, for very many beliefs. */
  countEventsUpTo(limit: number, filter: BeliefFilter): Promise<number> {
    return this.count(countEventsUpToSql(limit, filter));
  }

  private async count({ sql, parameters }: Statement): Promise<number> {
    const [row] = await this.transactions.query<{ count: string }>(sql, parameters);
    return Number(row?.count ?? 0);
  }

  /**
   * Beliefs that pass a filter, all or the most recent; by event, then from oldest to newest.
   * @param maxBeliefs to be given if there may be many; beyond it, some are left out
   */
  async search(filter: BeliefFilter, mostRecent: MostRecent, maxBeliefs?: number): Promise<BeliefColumns> {
    const { sql, parameters } = searchSql(filter, mostRecent, maxBeliefs);
    return readBeliefs(await this.transactions.query<Part>(sql, parameters));
  }

  /** All beliefs that pass a filter of which only few do; by event, then from newest to oldest. */
  async searchNewestFirst(filter: BeliefFilter): Promise<BeliefColumns> {
    const { sql, parameters } = newestFirstSql(filter);
    return readBeliefs(await this.transactions.select<Part>(sql, parameters));
  }

  /**
   * Minimum, mean and maximum per source and bucket of the most recent beliefs that pass a filter.
   * @returns also the number of beliefs that pass it
   */
  async bucketsBySource(
    filter: BeliefFilter,
    buckets: Buckets,
  ): Promise<{ searched: number; found: BucketColumns }> {
    const { sql, parameters } = bucketsSql(filter, buckets);
    const [row] = await this.transactions.select<FoundBuckets>(sql, parameters);
    const found = {
      sourceIds: readIds(row?.source_ids),
      starts: readTimes(row?.starts),
      minima: readDoubles(row?.minima),
      means: readDoubles(row?.means),
      maxima: readDoubles(row?.maxima),
    };
    return { searched: row?.searched ?? 0, found };
  }

  /** All that sources stated about events: beliefs and their repeats; by event, then from oldest to newest. */
  async statements(filter: EventFilter): Promise<BeliefColumns> {
    const { sql, parameters } = statementsSql(filter);
    return readBeliefs(await this.transactions.query<Part>(sql, parameters));
  }

  /** Key figures of the most recent beliefs that pass a filter, per source; by source id. */
  async figuresBySource(filter: BeliefFilter): Promise<SourceFigures[]> {
    const { sql, parameters } = sourceFiguresSql(filter);
    const rows = await this.transactions.query<SourceFiguresRow>(sql, parameters);
    return rows.map(toSourceFigures);
  }
}

/** What was saved of one source and kind. */
interface ExtentRow {
  source_id: number;
  is_forecast: boolean;
  count: string;
  first: Date;
  last: Date;
}

/** As `ExtentRow`, or the first belief that would be replaced. */
interface SavedRow extends ExtentRow {
  is_replacement: boolean;
}

/** As `ExtentRow`, or that nothing was saved. */
interface LaterRow extends ExtentRow {
  is_incomplete: boolean;
}

const toReplacement = (row: SavedRow): Replacement => ({
  eventStartMs: row.first.getTime(),
  count: Number(row.count),
});

const toExtent = (row: ExtentRow): SourceExtent => ({
  sourceId: row.source_id,
  kind: row.is_forecast ? 'forecasts' : 'measurements',
  count: Number(row.count),
  firstStartMs: row.first.getTime(),
  lastStartMs: row.last.getTime(),
});

/** Columns of a short result. */
type FoundColumns = Record<'event_starts' | 'event_values', Column>;

/** Columns of buckets. */
interface FoundBuckets extends Partial<
  Record<'source_ids' | 'starts' | 'minima' | 'means' | 'maxima', Column>
> {
  searched: number | null;
}

/** Reads a search result, in time slices. */
async function readBeliefs(parts: readonly Part[]): Promise<BeliefColumns> {
  const all = emptyBeliefColumns((parts[0]?.bytes ?? 0) / BELIEF_BYTES);
  const slice = new TimeSlice();
  let row = 0;
  for (const { text } of parts) {
    if (text !== null) row = decodeBeliefs(text, all, row);
    await slice.pauseIfOver();
  }
  return all;
}

/** As `readBeliefs`, for one value per event. */
async function readEvents(parts: readonly Part[]): Promise<EventSeries> {
  const count = (parts[0]?.bytes ?? 0) / EVENT_BYTES;
  const all = { eventStarts: new Float64Array(count), values: new Float64Array(count) };
  const slice = new TimeSlice();
  let row = 0;
  for (const { text } of parts) {
    if (text !== null) row = decodeEvents(text, all, row);
    await slice.pauseIfOver();
  }
  return all;
}
