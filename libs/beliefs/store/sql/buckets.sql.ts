import type { BeliefFilter } from './belief-filter';
import { columnSql } from './column-format';
import { MEDIAN_FIRST, whereSql, type Statement } from './search.sql';

/** Equal periods of events, one after another. */
export interface Buckets {
  /** Start of one of them, epoch milliseconds. */
  originMs: number;
  lengthMs: number;
}

/** Minimum, mean and maximum of each source's values in each bucket; ordered by source, then by bucket. */
export interface BucketColumns {
  sourceIds: Int32Array;
  /** Starts of the buckets, epoch milliseconds. Buckets without values are left out. */
  starts: Float64Array;
  minima: Float64Array;
  means: Float64Array;
  maxima: Float64Array;
}

/**
 * Values in buckets: of each source's most recent belief about an event, and of a probabilistic one the median. An event
 * belongs to the bucket in which it starts. The mean does not use `avg`, which fails where squares overflow.
 */
export function bucketsSql(filter: BeliefFilter, { originMs, lengthMs }: Buckets): Statement {
  const { sql, parameters } = whereSql(filter);
  const order = 'source_id, bucket';
  const length = `interval '${Math.trunc(lengthMs)} milliseconds'`;
  const origin = `timestamptz '${new Date(originMs).toISOString()}'`;
  return {
    sql: `SELECT ${columnSql('int4send', 'source_id', order, 'source_ids')},
            ${columnSql('timestamptz_send', 'bucket', order, 'starts')},
            ${columnSql('float8send', 'minimum', order, 'minima')},
            ${columnSql('float8send', 'mean', order, 'means')},
            ${columnSql('float8send', 'maximum', order, 'maxima')}
          FROM (
            SELECT source_id, date_bin(${length}, event_start, ${origin}) AS bucket, min(event_value) AS minimum,
              sum(event_value) / count(*) AS mean, max(event_value) AS maximum
            FROM (
              SELECT DISTINCT ON (event_start, source_id) event_start, source_id, event_value
              FROM timed_belief WHERE ${sql}
              ORDER BY event_start, source_id, belief_horizon, ${MEDIAN_FIRST}
            ) AS latest GROUP BY source_id, bucket
          ) AS buckets`,
    parameters,
  };
}
