import { classifiedIncoming } from './classify.sql';
import { changedByRest, isKnownNear, isKnownOfEach, MAX_REPEATS, type Incoming } from './save.sql';

const INSERTED_VALUES =
  '$1, event_start, belief_horizon, source_id, cumulative_probability, event_value, repeated_horizons';
const INSERTED = INSERTED_VALUES.replace('$1', 'sensor_id');

const SAME_POINT = ['event_start', 'belief_horizon', 'source_id', 'cumulative_probability']
  .map((column) => `changed.${column} = known.${column}`)
  .join(' AND ');

/** Condition on the stored beliefs `known`: the one with this horizon of the source of a statement about its event. */
const isStatement = (statements: string, horizon: string): string =>
  `known.event_start = ${statements}.event_start AND known.source_id = ${statements}.source_id
    AND known.belief_horizon = ${statements}.${horizon}`;

/** `replacements`: the statements in `rest` that contradict what their source stated with the same belief time. */
const replacementsSql = (incoming: Incoming): string => {
  const isNear = `${isKnownNear(incoming)} AND EXISTS (SELECT FROM rest)`;
  return `
  replacements AS (
    SELECT event_start, source_id FROM rest JOIN (
      SELECT event_start, belief_horizon, source_id, cumulative_probability, event_value
      FROM timed_belief known WHERE ${isNear}
      UNION ALL
      SELECT event_start, repeat, source_id, cumulative_probability, event_value
      FROM timed_belief known, unnest(repeated_horizons) AS repeat WHERE ${isNear}
    ) AS stated USING (event_start, belief_horizon, source_id, cumulative_probability)
    WHERE stated.event_value <> rest.event_value
  )`;
};

/** Statements that write the classified beliefs which are later than all others of their source about the event. */
const writeLater = (incoming: Incoming, isAllowed: string): string => `
  added AS (
    INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
    SELECT $1, event_start, belief_horizon, source_id, cumulative_probability, event_value
    FROM classified WHERE is_new AND ${isAllowed}
  ),
  repeated AS (
    UPDATE timed_belief known
    SET repeated_horizons = (classified.belief_horizon || known.repeated_horizons)[1:${MAX_REPEATS}]
    FROM classified
    WHERE is_repeat AND ${isAllowed} AND ${isKnownOfEach(incoming)} AND ${isStatement('classified', 'known_horizon')}
  )`;

/** Statements that write what `changedByRest` finds. */
const writeRest = (incoming: Incoming, isAllowed: string, overwrite: boolean): string => {
  const isNear = `${isAllowed} AND EXISTS (SELECT FROM novel) AND ${isKnownNear(incoming)}`;
  const onConflict = overwrite
    ? `ON CONFLICT (sensor_id, event_start, belief_horizon, source_id, cumulative_probability)
       DO UPDATE SET event_value = excluded.event_value, repeated_horizons = excluded.repeated_horizons`
    : 'ON CONFLICT DO NOTHING';
  return `
  restored AS (
    INSERT INTO timed_belief (${INSERTED}) SELECT ${INSERTED_VALUES} FROM changed WHERE is_known AND ${isAllowed}
  ),
  removed AS (
    DELETE FROM timed_belief known USING numbered
    WHERE unchanged AND is_stored AND ${isNear} AND ${isStatement('numbered', 'belief_horizon')}
  ),
  repeating AS (
    UPDATE timed_belief known SET repeated_horizons = beliefs.repeated_horizons
    FROM beliefs
    WHERE beliefs.repeated_horizons IS DISTINCT FROM repeated_before AND ${isNear}
      AND ${isStatement('beliefs', 'belief_horizon')}
      ${overwrite ? `AND NOT EXISTS (SELECT FROM changed WHERE ${SAME_POINT})` : ''}
  ),
  saved AS (
    INSERT INTO timed_belief (${INSERTED}) SELECT ${INSERTED_VALUES}
    FROM changed WHERE NOT is_known AND ${isAllowed}
    ORDER BY event_start, belief_horizon, source_id, cumulative_probability
    ${onConflict} RETURNING source_id, event_start, belief_horizon
  )`;
};

/**
 * The statement that saves the incoming beliefs about sensor $1 if each of them is later than all others of its source about
 * the event, or known. Otherwise it writes nothing, and its only row says so (`is_incomplete`). Its rows are the extents
 * of what was saved, by source and kind. To plan it takes half the
 * time that `saveIncomingSql` takes.
 */
export const saveLaterSql = (incoming: Incoming): string => {
  const isAllowed = 'NOT EXISTS (SELECT FROM rest)';
  return `${incoming.with}, ${classifiedIncoming(incoming)}, ${writeLater(incoming, isAllowed)}
  SELECT false AS is_incomplete, source_id, belief_horizon > 0 AS is_forecast, count(*),
    min(event_start) AS first, max(event_start) AS last
  FROM classified WHERE is_new AND ${isAllowed} GROUP BY source_id, belief_horizon > 0
  UNION ALL
  SELECT true, NULL, NULL, NULL, NULL, NULL WHERE EXISTS (SELECT FROM rest)`;
};

/**
 * The statement that saves the incoming beliefs about sensor $1; of those that repeat their source's previous belief, it
 * keeps only the times. Its rows are the extents of what was saved, by source and kind. Unless overwriting is allowed, it
 * writes nothing if beliefs would be replaced; its only row (`is_replacement`) is then the first of them, with their count.
 */
export function saveIncomingSql(incoming: Incoming, overwrite: boolean): string {
  const isAllowed = overwrite ? 'true' : 'NOT EXISTS (SELECT FROM replacements)';
  return `${incoming.with}, ${classifiedIncoming(incoming)}, ${changedByRest(incoming)},
  ${overwrite ? '' : `${replacementsSql(incoming)},`}
  ${writeLater(incoming, isAllowed)},
  ${writeRest(incoming, isAllowed, overwrite)},
  all_saved AS (
    SELECT source_id, belief_horizon > 0 AS is_forecast, event_start FROM classified WHERE is_new AND ${isAllowed}
    UNION ALL
    SELECT source_id, belief_horizon > 0, event_start FROM saved
  )
  SELECT false AS is_replacement, source_id, is_forecast, count(*), min(event_start) AS first, max(event_start) AS last
  FROM all_saved GROUP BY source_id, is_forecast
  ${overwrite ? '' : `UNION ALL (${FIRST_REPLACEMENT})`}`;
}

const FIRST_REPLACEMENT = `SELECT true, source_id, NULL, count(*) OVER (), event_start, event_start
    FROM replacements ORDER BY event_start LIMIT 1`;
