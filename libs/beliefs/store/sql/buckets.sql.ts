import type { BeliefFilter } from './belief-filter';
import { columnSql } from './column-format';
import { MEDIAN_FIRST, whereSql, type Statement } from './search.sql';

/** Equal periods of events, one after another. */
export interface Buckets {
  /** Start of the first, epoch milliseconds. */
  originMs: number;
  lengthMs: number;
  count: number;
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
 * belongs to the bucket in which it starts. Where one source has one belief about each event of a bucket, there is nothing to
 * choose, so that its values are read once, in the order of the index. The mean does not use `avg`, which fails where squares
 * overflow.
 */
export function bucketsSql(filter: BeliefFilter, { originMs, lengthMs, count }: Buckets): Statement {
  const { sql, parameters } = whereSql(filter);
  const order = 'source_id, start';
  const length = `interval '${Math.trunc(lengthMs)} milliseconds'`;
  const [first, last] = [originMs, originMs + (count - 1) * lengthMs].map(
    (ms) => `timestamptz '${new Date(ms).toISOString()}'`,
  );
  const where = `${sql} AND event_start >= bucket.start AND event_start < bucket.start + ${length}`;
  const figures = `min(event_value) AS minimum, sum(event_value) / count(*) AS mean, max(event_value) AS maximum`;
  return {
    sql: `WITH bucket AS MATERIALIZED (
            SELECT bucket.start, found.* FROM generate_series(${first}, ${last}, ${length}) AS bucket (start), LATERAL (
              SELECT count(*) AS searched, min(source_id) AS source_id, ${figures},
                min(source_id) = max(source_id) AND count(DISTINCT event_start) = count(*) AS is_plain
              FROM timed_belief WHERE ${where} HAVING count(*) > 0
            ) AS found
          )
          SELECT (SELECT sum(searched) FROM bucket)::float8 AS searched,
            ${columnSql('int4send', 'source_id', order, 'source_ids')},
            ${columnSql('timestamptz_send', 'start', order, 'starts')},
            ${columnSql('float8send', 'minimum', order, 'minima')},
            ${columnSql('float8send', 'mean', order, 'means')},
            ${columnSql('float8send', 'maximum', order, 'maxima')}
          FROM (
            SELECT start, source_id, minimum, mean, maximum FROM bucket WHERE is_plain
            UNION ALL
            SELECT bucket.start, found.* FROM bucket, LATERAL (
              SELECT source_id, ${figures} FROM (
                SELECT DISTINCT ON (event_start, source_id) event_start, source_id, event_value
                FROM timed_belief WHERE ${where}
                ORDER BY event_start, source_id, belief_horizon, ${MEDIAN_FIRST}
              ) AS latest GROUP BY source_id
            ) AS found WHERE NOT is_plain
          ) AS buckets`,
    parameters,
  };
}

/** One result of several that follow each other. */
export function joinBuckets(parts: readonly BucketColumns[]): BucketColumns {
  const rows = parts.flatMap((part) =>
    Array.from(part.sourceIds, (sourceId, row) => ({ part, row, sourceId })),
  );
  rows.sort((one, other) => one.sourceId - other.sourceId);
  const column = (name: Exclude<keyof BucketColumns, 'sourceIds'>): Float64Array =>
    Float64Array.from(rows, ({ part, row }) => part[name][row]!);
  return {
    sourceIds: Int32Array.from(rows, ({ sourceId }) => sourceId),
    ...{
      starts: column('starts'),
      minima: column('minima'),
      means: column('means'),
      maxima: column('maxima'),
    },
  };
}
