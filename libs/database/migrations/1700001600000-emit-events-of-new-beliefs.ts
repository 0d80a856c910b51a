import type { MigrationInterface, QueryRunner } from 'typeorm';
import { insertBeliefsIfNewSql } from './1700000800000-insert-beliefs-if-new';

const BEFORE = 'insert_beliefs_if_new(integer, float8, float8[], float8[], integer[], float8[], float8[])';
const AFTER =
  'insert_beliefs_if_new(integer, float8, float8[], float8[], integer[], float8[], float8[], text, jsonb, jsonb[])';

/** Lets the function that saves new beliefs emit the events about them, in the same round trip. */
export class EmitEventsOfNewBeliefs1700001600000 implements MigrationInterface {
  name = 'EmitEventsOfNewBeliefs1700001600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION ${BEFORE}`);
    // Each statement sees what was committed before it, so that the second sees what the writer before has left.
    await runner.query(`
      CREATE FUNCTION insert_beliefs_if_new(
        of_sensor integer, resolution_ms float8,
        starts_ms float8[], horizons float8[], sources integer[], probabilities float8[], event_values float8[],
        event_name text, event_actor jsonb, event_payloads jsonb[]
      ) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM sensor
          WHERE id = of_sensor AND extract(epoch FROM event_resolution) * 1000 = resolution_ms
          FOR NO KEY UPDATE;
        IF NOT FOUND THEN RETURN false; END IF;
        PERFORM FROM timed_belief
          WHERE sensor_id = of_sensor AND source_id = ANY(ARRAY(SELECT DISTINCT unnest(sources)))
            AND event_start BETWEEN to_timestamp(starts_ms[1] / 1000)
              AND to_timestamp(starts_ms[array_upper(starts_ms, 1)] / 1000)
          LIMIT 1;
        IF FOUND THEN RETURN false; END IF;
        INSERT INTO timed_belief
          (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value)
          SELECT of_sensor, coalesce(source_id, sources[1]), to_timestamp(start_ms / 1000), horizon::bigint,
            coalesce(probability, probabilities[1]), event_value
          FROM unnest(starts_ms, horizons, sources, probabilities, event_values)
            AS given (start_ms, horizon, source_id, probability, event_value);
        INSERT INTO event (name, actor, payload)
          SELECT event_name, event_actor, payload FROM unnest(event_payloads) AS payload;
        RETURN true;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION ${AFTER}`);
    await runner.query(
      insertBeliefsIfNewSql({
        sourceId: 'coalesce(source_id, sources[1])',
        probability: 'coalesce(probability, probabilities[1])',
      }),
    );
  }
}
