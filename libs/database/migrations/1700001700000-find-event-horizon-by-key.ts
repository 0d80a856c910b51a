import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets event_horizon() look up the oldest event that waits by the key, wherever it is in the table, and keep its plans:
 * it is asked several times a second by each process.
 */
export class FindEventHorizonByKey1700001700000 implements MigrationInterface {
  name = 'FindEventHorizonByKey1700001700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION event_horizon() RETURNS xid8 LANGUAGE plpgsql STABLE AS $$
      DECLARE
        snapshot pg_snapshot := pg_current_snapshot();
        waits_since timestamptz := (
          SELECT emitted_at FROM event WHERE xid >= pg_snapshot_xmin(snapshot) ORDER BY xid, id LIMIT 1);
      BEGIN
        IF waits_since IS NULL OR waits_since > clock_timestamp() - interval '500 ms' THEN
          RETURN pg_snapshot_xmin(snapshot);
        END IF;
        RETURN coalesce(
          (SELECT min(xid) FROM pg_snapshot_xip(snapshot) AS xid WHERE NOT EXISTS (${WRITES_ELSEWHERE})),
          pg_snapshot_xmax(snapshot));
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION event_horizon() RETURNS xid8 LANGUAGE sql STABLE AS $$
        SELECT CASE
          WHEN EXISTS (
            SELECT FROM event
            WHERE xid >= pg_snapshot_xmin(snapshot) AND emitted_at < clock_timestamp() - interval '500 ms'
          ) THEN coalesce(
            (SELECT min(xid) FROM pg_snapshot_xip(snapshot) AS xid WHERE NOT EXISTS (${WRITES_ELSEWHERE})),
            pg_snapshot_xmax(snapshot))
          ELSE pg_snapshot_xmin(snapshot) END
        FROM pg_current_snapshot() AS snapshot
      $$`);
  }
}

/** Whether transaction `xid` is one of another database, which cannot emit events here. */
const WRITES_ELSEWHERE = `
  SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'transactionid' AND granted AND mode = 'ExclusiveLock' AND transactionid = xid::xid
    AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())`;
