import { isKnownOfEach, type Incoming } from './save.sql';

const KEY = 'counted.event_start, counted.source_id, counted.belief_horizon, counted.cumulative_probability';

const IS_EQUAL = `known.event_value = counted.event_value
        AND known.cumulative_probability = counted.cumulative_probability AS is_equal`;

const isAboutSameEvent = (incoming: Incoming): string => `${isKnownOfEach(incoming)}
        AND known.event_start = counted.event_start AND known.source_id = counted.source_id`;

/** The incoming statements with the latest known belief and the horizon of the one before, read together. */
const latestKnownOfAll = (incoming: Incoming): string => `
    SELECT DISTINCT ON (${KEY}) counted.*, known.belief_horizon AS known_horizon, known.repeated_horizons, ${IS_EQUAL},
      lead(known.belief_horizon) OVER (PARTITION BY ${KEY} ORDER BY known.belief_horizon) AS next_horizon
    FROM counted LEFT JOIN timed_belief known ON ${isAboutSameEvent(incoming)}
    ORDER BY ${KEY}, known.belief_horizon`;

/** As `latestKnownOfAll`, with a look at the index for each statement: a schedule replaces one after the other. */
const latestKnownOfEach = (incoming: Incoming): string => `
    SELECT counted.*, known.belief_horizon AS known_horizon, known.repeated_horizons, ${IS_EQUAL}, known.next_horizon
    FROM counted LEFT JOIN LATERAL (
      SELECT *, lead(belief_horizon) OVER (ORDER BY belief_horizon) AS next_horizon FROM (
        SELECT * FROM timed_belief known WHERE ${isAboutSameEvent(incoming)} ORDER BY belief_horizon LIMIT 2
      ) AS latest ORDER BY belief_horizon LIMIT 1
    ) AS known ON true`;

/**
 * SQL that finds the incoming statements that need no comparison with the whole history of their event: each is the only
 * incoming one of its source about the event, and later than all that the source stated before. Most statements are.
 *
 * - `classified`: the incoming statements with what to do. `is_new`: store the belief, because it is the first one or
 *   differs from the latest known one. `is_repeat`: keep the horizon with the belief at `known_horizon`, which it repeats.
 *   `is_known`: nothing, because the belief or the repeat is stored.
 * - `rest`: those to compare with the whole history. Distributions of several points, and statements after such a
 *   distribution, are always among them.
 */
export const classifiedIncoming = (incoming: Incoming): string => `
  counted AS (SELECT *, count(*) OVER (PARTITION BY event_start, source_id) AS statements FROM incoming),
  with_latest_known AS (${incoming.areFew ? latestKnownOfEach(incoming) : latestKnownOfAll(incoming)}),
  compared_with_latest AS (
    SELECT *, statements = 1 AND (next_horizon = known_horizon) IS NOT TRUE AS is_single,
      known_horizon IS NULL OR belief_horizon < least(known_horizon, repeated_horizons[1]) AS is_later,
      (is_equal AND (belief_horizon > 0) = (known_horizon > 0)) IS TRUE AS is_unchanged,
      (is_equal AND belief_horizon = ANY(known_horizon || repeated_horizons)) IS TRUE AS is_stored
    FROM with_latest_known
  ),
  classified AS MATERIALIZED (
    SELECT event_start, source_id, belief_horizon, cumulative_probability, event_value, known_horizon,
      is_single AND is_later AND NOT is_unchanged AS is_new, is_single AND is_later AND is_unchanged AS is_repeat,
      is_single AND is_stored AS is_known
    FROM compared_with_latest
  ),
  rest AS (
    SELECT event_start, source_id, belief_horizon, cumulative_probability, event_value
    FROM classified WHERE NOT (is_new OR is_repeat OR is_known)
  )`;
