import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import type { BeliefFilter } from '../store/sql/belief-filter';
import { whereSql, type Statement } from '../store/sql/search.sql';

/** Number of latest events from which the rhythm of a source is observed. */
const OBSERVED_EVENTS = 100;

/** The latest events of one type of source, newest first. */
export interface SourceRhythmRow {
  type: string;
  /** Whether the horizons are those of measurements: beliefs at the knowledge time or later. */
  is_measured: boolean;
  /** Starts of the events, epoch milliseconds. */
  event_starts: number[];
  /** Largest horizon of the beliefs about each event, milliseconds. */
  horizons: number[];
}

@Injectable()
export class SourceRhythmsRepository {
  constructor(private readonly transactions: Transactions) {}

  /**
   * The latest events of each type of source that states something about a sensor, by name of the type. If a type has
   * measurements, only these count, unless it is one of the types of computed data.
   */
  find(filter: BeliefFilter, computedTypes: readonly string[]): Promise<SourceRhythmRow[]> {
    const { sql, parameters } = sourceRhythmsSql(filter, computedTypes);
    return this.transactions.select<SourceRhythmRow>(sql, parameters);
  }
}

function sourceRhythmsSql(filter: BeliefFilter, computedTypes: readonly string[]): Statement {
  const { sql, parameters } = whereSql(filter);
  const computed = `$${parameters.length + 1}::text[]`;
  return {
    sql: `WITH types AS (
            SELECT type, coalesce(last_measured, last_event) AS last_event,
              last_measured IS NOT NULL AS is_measured, source_ids
            FROM (
              SELECT source.type, array_agg(source.id) AS source_ids, max(last_event) AS last_event,
                CASE WHEN source.type <> ALL(${computed}) THEN max(last_measured) END AS last_measured
              FROM (
                SELECT source_id, max(event_start) AS last_event,
                  max(event_start) FILTER (WHERE belief_horizon <= 0) AS last_measured
                FROM timed_belief WHERE ${sql} GROUP BY source_id
              ) AS by_source JOIN data_source source ON source.id = by_source.source_id
              GROUP BY source.type
            ) AS by_type
          )
          SELECT type, is_measured, latest.event_starts, latest.horizons
          FROM types, LATERAL (
            SELECT array_agg((extract(epoch FROM event_start) * 1000)::float8 ORDER BY event_start DESC) AS event_starts,
              array_agg(horizon::float8 ORDER BY event_start DESC) AS horizons
            FROM (
              SELECT event_start, max(belief_horizon) AS horizon FROM timed_belief
              WHERE ${sql} AND event_start <= types.last_event AND source_id = ANY(types.source_ids)
                AND (NOT types.is_measured OR belief_horizon <= 0)
              GROUP BY event_start ORDER BY event_start DESC LIMIT ${OBSERVED_EVENTS}
            ) AS events
          ) AS latest ORDER BY type`,
    parameters: [...parameters, computedTypes],
  };
}
