import { concatBeliefs, type BeliefColumns } from '../model';

/** Incoming beliefs, for a statement that saves them. */
export interface Incoming {
  /** A WITH clause that defines them as `incoming`. */
  with: string;
  /** SQL for the start of the first and of the last event. */
  firstEvent: string;
  lastEvent: string;
  /** Parameters of the WITH clause, from $2 on. */
  parameters: unknown[];
}

/** Name of the temporary table for more beliefs than fit in parameters. */
export const STAGE = 'incoming_belief';

/** SQL that creates the table, or empties it if an earlier save in the same transaction has left rows. */
export const STAGE_TABLE = `CREATE TEMPORARY TABLE IF NOT EXISTS ${STAGE} (
  position bigint GENERATED ALWAYS AS IDENTITY,
  sensor_id integer NOT NULL,
  source_id integer NOT NULL,
  event_start timestamptz NOT NULL,
  belief_horizon bigint NOT NULL,
  cumulative_probability double precision NOT NULL,
  event_value double precision NOT NULL
) ON COMMIT DROP;
TRUNCATE ${STAGE}`;

const COLUMNS = 'event_start, belief_horizon, source_id, cumulative_probability, event_value';
const KEY = 'event_start, belief_horizon, source_id, cumulative_probability';

/** Incoming beliefs as array parameters $2 to $6; of duplicates the first counts. */
export function incomingFromArrays(parts: BeliefColumns[]): Incoming {
  const beliefs = concatBeliefs(parts);
  return {
    with: `WITH incoming AS (
      SELECT DISTINCT ON (${KEY}) to_timestamp(start_ms / 1000) AS event_start, belief_horizon, source_id,
        cumulative_probability, event_value
      FROM unnest($2::float8[], $3::float8[]::bigint[], $4::int[], $5::float8[], $6::float8[]) WITH ORDINALITY
        AS given (start_ms, belief_horizon, source_id, cumulative_probability, event_value, position)
      ORDER BY ${KEY}, position
    )`,
    // Constants, so that the planner can skip partitions.
    firstEvent: timeSql(beliefs.eventStarts.reduce((first, ms) => Math.min(first, ms), Infinity)),
    lastEvent: timeSql(beliefs.eventStarts.reduce((last, ms) => Math.max(last, ms), -Infinity)),
    parameters: arraysOf(beliefs),
  };
}

/** Incoming beliefs in the temporary table; of duplicates the first counts. */
export function incomingFromStage(): Incoming {
  return {
    with: `WITH incoming AS (SELECT DISTINCT ON (${KEY}) ${COLUMNS} FROM ${STAGE} ORDER BY ${KEY}, position)`,
    firstEvent: `(SELECT min(event_start) FROM ${STAGE})`,
    lastEvent: `(SELECT max(event_start) FROM ${STAGE})`,
    parameters: [],
  };
}

/**
 * SQL for `changed`: the incoming beliefs without those that repeat their source's previous belief about the event. Whole
 * distributions are compared, and forecasts (horizon above zero) separately from measurements, so the first measurement
 * is kept even when it equals the last forecast.
 */
export const changedIncoming = ({ firstEvent, lastEvent }: Incoming): string => `
  events AS (SELECT DISTINCT event_start, source_id FROM incoming),
  history AS (
    SELECT DISTINCT ON (${KEY}) ${COLUMNS} FROM (
      SELECT ${COLUMNS}, true AS is_incoming FROM incoming
      UNION ALL
      SELECT ${COLUMNS}, false FROM timed_belief known
      WHERE sensor_id = $1 AND event_start BETWEEN ${firstEvent} AND ${lastEvent}
        AND EXISTS (SELECT FROM events WHERE events.event_start = known.event_start AND events.source_id = known.source_id)
    ) AS beliefs ORDER BY ${KEY}, is_incoming DESC
  ),
  distributions AS (
    SELECT event_start, source_id, belief_horizon,
      array_agg(ARRAY[cumulative_probability, event_value] ORDER BY cumulative_probability) AS distribution
    FROM history GROUP BY event_start, source_id, belief_horizon
  ),
  compared AS (
    SELECT event_start, source_id, belief_horizon,
      distribution IS NOT DISTINCT FROM lag(distribution) OVER (
        PARTITION BY event_start, source_id, belief_horizon > 0 ORDER BY belief_horizon DESC
      ) AS unchanged
    FROM distributions
  ),
  changed AS (
    SELECT incoming.* FROM incoming JOIN compared USING (event_start, source_id, belief_horizon)
    WHERE NOT compared.unchanged
  )`;

const timeSql = (ms: number): string => `to_timestamp(${ms}::float8 / 1000)`;

/** Parameters: event starts in ms, horizons, source ids, probabilities and values. */
const arraysOf = (beliefs: BeliefColumns): string[] =>
  [
    beliefs.eventStarts,
    beliefs.beliefHorizons,
    beliefs.sourceIds,
    beliefs.cumulativeProbabilities,
    beliefs.values,
  ].map(arrayLiteral);

/** As `arraysOf`, but with a source or probability that all beliefs share given only once. */
export const shortArraysOf = (beliefs: BeliefColumns): string[] =>
  arraysOf({
    ...beliefs,
    sourceIds: onceIfShared(beliefs.sourceIds),
    cumulativeProbabilities: onceIfShared(beliefs.cumulativeProbabilities),
  });

const onceIfShared = <T extends Float64Array | Int32Array>(values: T): T =>
  values.every((value) => value === values[0]) ? (values.subarray(0, 1) as T) : values;

/** PostgreSQL's text form of an array; the driver is slower with typed arrays. */
const arrayLiteral = (values: Float64Array | Int32Array): string => `{${values.join(',')}}`;
