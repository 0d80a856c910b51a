import { PREPARED } from '#lib/database';
import { concatBeliefs, type BeliefColumns } from '../../model';

/** Incoming beliefs, for a statement that saves them. */
export interface Incoming {
  /** A WITH clause that defines them as `incoming`. */
  with: string;
  /** SQL for the start of the first and of the last event. */
  firstEvent: string;
  lastEvent: string;
  /** Parameters of the WITH clause, from $2 on. */
  parameters: unknown[];
  /** Parameters of `firstEvent` and `lastEvent`, after those. */
  periodParameters: unknown[];
  /** Whether there are so few that the latest known belief of each is looked up by itself. */
  areFew: boolean;
  /** Whether they are about different events, ordered by event start. */
  areAscending: boolean;
}

const FEW = 1000;

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

const COLUMNS = 'event_start, source_id, belief_horizon, cumulative_probability, event_value';
const KEY = 'event_start, source_id, belief_horizon, cumulative_probability';

/**
 * Incoming beliefs as array parameters; of duplicates the first counts. The statement for a few of them has the same text
 * each time, as to plan it takes as long as to run it.
 *
 * @param areAscending whether they are about different events, ordered by event start
 */
export function incomingFromArrays(parts: BeliefColumns[], areAscending: boolean): Incoming {
  const beliefs = concatBeliefs(parts);
  const areFew = beliefs.values.length <= FEW;
  const firstMs = beliefs.eventStarts.reduce((first, ms) => Math.min(first, ms), Infinity);
  const lastMs = beliefs.eventStarts.reduce((last, ms) => Math.max(last, ms), -Infinity);
  return {
    with: areFew
      ? `/* ${PREPARED} */ WITH incoming AS (${fromArraysSql(GIVEN_SHORT)})`
      : `WITH incoming AS (${fromArraysSql(GIVEN)})`,
    // For many, constants, so that the planner can skip partitions.
    firstEvent: areFew ? timeSql('$9') : timeSql(firstMs),
    lastEvent: areFew ? timeSql('$10') : timeSql(lastMs),
    parameters: areFew ? shortArraysOf(beliefs) : arraysOf(beliefs),
    periodParameters: areFew ? [firstMs, lastMs] : [],
    areFew,
    areAscending,
  };
}

/**
 * Incoming beliefs in the temporary table; of duplicates the first counts.
 *
 * @param firstMs start of the first event, epoch ms
 * @param lastMs start of the last event, epoch ms
 */
export function incomingFromStage(firstMs: number, lastMs: number): Incoming {
  return {
    with: `WITH incoming AS (SELECT DISTINCT ON (${KEY}) ${COLUMNS} FROM ${STAGE} ORDER BY ${KEY}, position)`,
    firstEvent: timeSql(firstMs),
    lastEvent: timeSql(lastMs),
    parameters: [],
    periodParameters: [],
    areFew: false,
    areAscending: false,
  };
}

/** So many repeats of a belief are kept, the latest ones: a file that is imported every hour repeats a belief for years. */
export const MAX_REPEATS = 20;

/** Condition on the stored beliefs `known`: about the sensor, and about events in the period of the incoming ones. */
export const isKnownNear = ({ firstEvent, lastEvent }: Incoming): string =>
  `known.sensor_id = $1 AND known.event_start BETWEEN ${firstEvent} AND ${lastEvent}`;

/** As `isKnownNear`, for the events of incoming beliefs one by one: a few are looked up by their key. */
export const isKnownOfEach = (incoming: Incoming): string =>
  incoming.areFew ? 'known.sensor_id = $1' : isKnownNear(incoming);

/**
 * The statements in `rest`, and those that are known of the same sources about the same events. Statements that are stored
 * already are left out before anything is compared, because a file that is imported again has many. Stored beliefs are
 * read only if there is something to compare.
 */
const historySql = (incoming: Incoming): string => {
  const isNear = isKnownNear(incoming);
  const isAboutEvents = `${isNear} AND EXISTS (SELECT FROM novel)
        AND EXISTS (SELECT FROM events WHERE events.event_start = known.event_start AND events.source_id = known.source_id)`;
  return `
  novel AS (
    SELECT * FROM rest WHERE NOT EXISTS (
      SELECT FROM timed_belief known WHERE ${isNear} AND EXISTS (SELECT FROM rest)
        AND known.event_start = rest.event_start AND known.belief_horizon = rest.belief_horizon
        AND known.source_id = rest.source_id AND known.cumulative_probability = rest.cumulative_probability
        AND known.event_value = rest.event_value
    )
  ),
  events AS (SELECT DISTINCT event_start, source_id FROM novel),
  history AS (
    SELECT ${KEY}, coalesce(max(incoming_value), max(stored_value), max(repeated_value)) AS event_value,
      max(stored_value) AS stored_value, max(repeated_value) AS repeated_value, max(repeated_horizons) AS repeated_before
    FROM (
      SELECT ${KEY}, event_value AS incoming_value, NULL::float8 AS stored_value, NULL::float8 AS repeated_value,
        NULL::bigint[] AS repeated_horizons
      FROM novel
      UNION ALL
      SELECT ${KEY}, NULL, event_value, NULL, repeated_horizons FROM timed_belief known WHERE ${isAboutEvents}
      UNION ALL
      SELECT event_start, source_id, repeat, cumulative_probability, NULL, NULL, event_value, NULL
      FROM timed_belief known, unnest(repeated_horizons) AS repeat WHERE repeated_horizons IS NOT NULL AND ${isAboutEvents}
    ) AS statements GROUP BY ${KEY}
  )`;
};

/**
 * SQL for `numbered`: the rows of `distributions`, each all that a source believed about an event at one horizon. `unchanged`
 * says whether it repeats the source's previous belief about the event, and `run` numbers the beliefs with their repeats.
 * Whole distributions are compared, and forecasts (horizon above zero) separately from measurements, so the first
 * measurement is kept even when it equals the last forecast.
 *
 * @param columns further columns to take from `distributions`
 */
export const numberedRuns = (columns: string): string => {
  const history = 'PARTITION BY event_start, source_id, is_forecast ORDER BY belief_horizon DESC';
  return `
  compared AS NOT MATERIALIZED (
    SELECT event_start, source_id, belief_horizon, is_forecast, ${columns},
      distribution IS NOT DISTINCT FROM lag(distribution) OVER (${history}) AS unchanged
    FROM distributions
  ),
  numbered AS (
    SELECT *, count(*) FILTER (WHERE NOT unchanged) OVER (${history}) AS run FROM compared
  )`;
};

/**
 * SQL that finds what the beliefs of the sources are once the statements in `rest` are added, in whatever order they came.
 *
 * - `numbered`: all statements, see `numberedRuns`.
 * - `beliefs`: those that are not unchanged, with the horizons of their repeats, and what these were before.
 * - `changed`: the points of beliefs to insert. Some are known as repeats (`is_known`): a different belief has come in
 *   between them and the belief that they repeated.
 */
export const changedByRest = (incoming: Incoming): string => `${historySql(incoming)},
  distributions AS (
    SELECT event_start, source_id, belief_horizon, belief_horizon > 0 AS is_forecast,
      max(stored_value) IS NOT NULL AS is_stored, max(repeated_before) AS repeated_before,
      array_agg(ARRAY[cumulative_probability, event_value] ORDER BY cumulative_probability) AS distribution
    FROM history GROUP BY event_start, source_id, belief_horizon
  ),
  ${numberedRuns('is_stored, repeated_before')},
  beliefs AS (
    SELECT event_start, source_id, max(belief_horizon) AS belief_horizon,
      max(repeated_before) FILTER (WHERE NOT unchanged) AS repeated_before,
      (array_agg(belief_horizon ORDER BY belief_horizon) FILTER (WHERE unchanged))[1:${MAX_REPEATS}] AS repeated_horizons
    FROM numbered GROUP BY event_start, source_id, is_forecast, run
  ),
  changed AS (
    SELECT event_start, belief_horizon, source_id, cumulative_probability, event_value, repeated_horizons,
      event_value IS NOT DISTINCT FROM repeated_value AS is_known
    FROM history JOIN beliefs USING (event_start, source_id, belief_horizon)
    WHERE stored_value IS NULL OR event_value <> stored_value
  )`;

/** SQL for the properties of a belief in the arrays of `arraysOf`. */
const GIVEN = {
  startMs: 'start_ms',
  horizon: 'horizon',
  sourceId: 'given_source_id',
  probability: 'given_probability',
};

/** The same for `shortArraysOf`. */
const GIVEN_SHORT: typeof GIVEN = {
  startMs: 'coalesce(start_ms, ($2::float8[])[1] + (position - 1) * $7::float8)',
  horizon: 'coalesce(horizon, ($3::float8[])[1] + (position - 1) * $8::float8)',
  sourceId: 'coalesce(given_source_id, ($4::int[])[1])',
  probability: 'coalesce(given_probability, ($5::float8[])[1])',
};

const fromArraysSql = ({ startMs, horizon, sourceId, probability }: typeof GIVEN): string => `
      SELECT DISTINCT ON (${KEY}) to_timestamp((${startMs}) / 1000) AS event_start, ${sourceId} AS source_id,
        (${horizon})::bigint AS belief_horizon, ${probability} AS cumulative_probability, event_value
      FROM unnest($2::float8[], $3::float8[], $4::int[], $5::float8[], $6::float8[]) WITH ORDINALITY
        AS given (start_ms, horizon, given_source_id, given_probability, event_value, position)
      ORDER BY ${KEY}, position`;

const timeSql = (ms: number | string): string => `to_timestamp(${ms}::float8 / 1000)`;

/** Parameters: event starts in ms, horizons, source ids, probabilities and values. */
const arraysOf = (beliefs: BeliefColumns): string[] =>
  [
    beliefs.eventStarts,
    beliefs.beliefHorizons,
    beliefs.sourceIds,
    beliefs.cumulativeProbabilities,
    beliefs.values,
  ].map(arrayLiteral);

/**
 * As `arraysOf`, but with a source or probability that all beliefs share given only once. Of event starts and horizons
 * with equal differences, only the first is given, and the differences are further parameters; null if they differ.
 */
export function shortArraysOf(beliefs: BeliefColumns): (string | number | null)[] {
  const startStep = differenceIn(beliefs.eventStarts);
  const horizonStep = differenceIn(beliefs.beliefHorizons);
  const arrays = arraysOf({
    ...beliefs,
    eventStarts: startStep === null ? beliefs.eventStarts : beliefs.eventStarts.subarray(0, 1),
    beliefHorizons: horizonStep === null ? beliefs.beliefHorizons : beliefs.beliefHorizons.subarray(0, 1),
    sourceIds: onceIfShared(beliefs.sourceIds),
    cumulativeProbabilities: onceIfShared(beliefs.cumulativeProbabilities),
  });
  return [...arrays, startStep, horizonStep];
}

/** The difference between one whole number and the next, if it is the same for all; 0 for a single number. */
function differenceIn(values: Float64Array): number | null {
  const first = values[0]!;
  const difference = values.length > 1 ? values[1]! - first : 0;
  for (let i = 2; i < values.length; i++) if (values[i] !== first + i * difference) return null;
  return difference;
}

const onceIfShared = <T extends Float64Array | Int32Array>(values: T): T =>
  values.every((value) => value === values[0]) ? (values.subarray(0, 1) as T) : values;

/** PostgreSQL's text form of an array; the driver is slower with typed arrays. */
const arrayLiteral = (values: Float64Array | Int32Array): string => `{${values.join(',')}}`;
