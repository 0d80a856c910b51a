import type { Source } from '#lib/sensors';
import type { BeliefFilter } from './belief-filter';
import { knowledgeTimeSql, MEDIAN_FIRST, whereSql, type Statement } from './search.sql';

/** Key figures of one source's beliefs about a sensor, one belief per event. Times in epoch milliseconds. */
export interface SourceFigures {
  source: Pick<Source, 'id' | 'name' | 'type' | 'model' | 'version'>;
  /** Number of events with a value. */
  count: number;
  firstEventStartMs: number;
  lastEventStartMs: number;
  /** Belief time of the source's latest belief. */
  lastBeliefTimeMs: number;
  min: number;
  max: number;
  mean: number;
  sum: number;
}

/** A row of the statement; the driver returns bigint as text. */
export interface SourceFiguresRow {
  id: number;
  name: string;
  type: string;
  model: string | null;
  version: string | null;
  count: string;
  first_event_start: Date;
  last_event_start: Date;
  last_belief_time: Date;
  min: number;
  max: number;
  mean: number;
  sum: number;
}

/**
 * Key figures per source. The most recent belief about an event has the latest belief time, so older ones do not matter.
 * The mean does not use `avg`, which fails where squares overflow.
 */
export function sourceFiguresSql(filter: BeliefFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  return {
    sql: `SELECT source.id, source.name, source.type, source.model, source.version, figures.*
          FROM (
            SELECT source_id, count(*) AS count, min(event_start) AS first_event_start,
              max(event_start) AS last_event_start,
              max(${knowledgeTimeSql(filter)} - belief_horizon * interval '1 millisecond') AS last_belief_time,
              min(event_value) AS min, max(event_value) AS max,
              sum(event_value) / count(*) AS mean, sum(event_value) AS sum
            FROM (
              SELECT DISTINCT ON (event_start, source_id) event_start, source_id, belief_horizon, event_value
              FROM timed_belief WHERE ${sql}
              ORDER BY event_start, source_id, belief_horizon, ${MEDIAN_FIRST}
            ) AS latest GROUP BY source_id
          ) AS figures JOIN data_source source ON source.id = figures.source_id
          ORDER BY source.id`,
    parameters,
  };
}

export const toSourceFigures = (row: SourceFiguresRow): SourceFigures => ({
  source: { id: row.id, name: row.name, type: row.type, model: row.model, version: row.version },
  count: Number(row.count),
  firstEventStartMs: row.first_event_start.getTime(),
  lastEventStartMs: row.last_event_start.getTime(),
  lastBeliefTimeMs: row.last_belief_time.getTime(),
  min: row.min,
  max: row.max,
  mean: row.mean,
  sum: row.sum,
});
