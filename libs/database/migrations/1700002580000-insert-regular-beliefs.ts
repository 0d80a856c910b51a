import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Beliefs of which each start and horizon is given. */
const EACH = {
  steps: '',
  start: 'start_ms',
  horizon: 'horizon',
  last: 'starts_ms[array_upper(starts_ms, 1)]',
};

/** Beliefs whose starts and horizons may be given as the first of them and the difference between one and the next. */
const REGULAR = {
  steps: 'start_step float8, horizon_step float8, ',
  start: 'coalesce(start_ms, starts_ms[1] + (number - 1) * start_step)',
  horizon: 'coalesce(horizon, horizons[1] + (number - 1) * horizon_step)',
  last: 'coalesce(starts_ms[array_length(event_values, 1)], starts_ms[1] + (array_length(event_values, 1) - 1) * start_step)',
};

const ARRAYS = 'float8[], float8[], integer[], float8[], float8[]';

/**
 * Lets the function that saves new beliefs take a regular series as its start and step: for a day of values, the text of all
 * starts and horizons was a fifteenth of the memory that a request allocates.
 */
export class InsertRegularBeliefs1700002580000 implements MigrationInterface {
  name = 'InsertRegularBeliefs1700002580000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP FUNCTION insert_beliefs_if_new(integer, float8, ${ARRAYS}, text, jsonb, jsonb[])`,
    );
    await runner.query(functionSql(REGULAR));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP FUNCTION insert_beliefs_if_new(integer, float8, ${ARRAYS}, float8, float8, text, jsonb, jsonb[])`,
    );
    await runner.query(functionSql(EACH));
  }
}

// Each statement sees what was committed before it, so that the second sees what the writer before has left.
const functionSql = ({ steps, start, horizon, last }: typeof EACH): string => `
  CREATE FUNCTION insert_beliefs_if_new(
    of_sensor integer, resolution_ms float8,
    starts_ms float8[], horizons float8[], sources integer[], probabilities float8[], event_values float8[],
    ${steps}event_name text, event_actor jsonb, event_payloads jsonb[]
  ) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM sensor
      WHERE id = of_sensor AND extract(epoch FROM event_resolution) * 1000 = resolution_ms
      FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM FROM timed_belief
      WHERE sensor_id = of_sensor AND source_id = ANY(ARRAY(SELECT DISTINCT unnest(sources)))
        AND event_start BETWEEN to_timestamp(starts_ms[1] / 1000) AND to_timestamp(${last} / 1000)
      LIMIT 1;
    IF FOUND THEN RETURN false; END IF;
    INSERT INTO timed_belief
      (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value)
      SELECT of_sensor, coalesce(source_id, sources[1]), to_timestamp(${start} / 1000), (${horizon})::bigint,
        coalesce(probability, probabilities[1]), event_value
      FROM unnest(starts_ms, horizons, sources, probabilities, event_values) WITH ORDINALITY
        AS given (start_ms, horizon, source_id, probability, event_value, number);
    INSERT INTO event (name, actor, payload)
      SELECT event_name, event_actor, payload FROM unnest(event_payloads) AS payload;
    RETURN true;
  END $$`;
