import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The first transaction that readers of events must wait for: all before it have ended, as the statement that asks sees
 * it. That is the oldest one that is open anywhere on the server. Once events have waited for that one for some time,
 * transactions of other databases, which cannot emit events here, are told apart and passed by.
 */
const EVENT_HORIZON = `
  CREATE FUNCTION event_horizon() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT CASE
      WHEN EXISTS (
        SELECT FROM event
        WHERE xid >= pg_snapshot_xmin(snapshot) AND emitted_at < clock_timestamp() - interval '500 ms'
      ) THEN coalesce(
        (SELECT min(xid) FROM pg_snapshot_xip(snapshot) AS xid WHERE NOT EXISTS (
          SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
          WHERE locktype = 'transactionid' AND granted AND mode = 'ExclusiveLock' AND transactionid = xid::xid
            AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))),
        pg_snapshot_xmax(snapshot))
      ELSE pg_snapshot_xmin(snapshot) END
    FROM pg_current_snapshot() AS snapshot
  $$`;

/**
 * The outbox of domain events. Events are ordered by the transaction that emitted them, then by id, because a
 * transaction that began earlier may commit later: readers stop before the oldest transaction that is still open.
 */
export class CreateEvents1700001500000 implements MigrationInterface {
  name = 'CreateEvents1700001500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE event (
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      id bigint GENERATED ALWAYS AS IDENTITY,
      name varchar(60) NOT NULL,
      actor jsonb NOT NULL,
      payload jsonb NOT NULL,
      emitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (xid, id)
    )`);
    await runner.query(`CREATE TABLE event_position (
      subscription varchar(80) PRIMARY KEY,
      xid xid8 NOT NULL,
      id bigint NOT NULL
    )`);
    await runner.query(`CREATE TABLE event_delivery (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      subscription varchar(80) NOT NULL,
      key text NOT NULL,
      work jsonb NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now(),
      due_at timestamptz NOT NULL,
      failure text
    )`);
    // New events are merged into work that nobody has begun.
    await runner.query(
      'CREATE UNIQUE INDEX event_delivery_key ON event_delivery (subscription, key) WHERE attempts = 0',
    );
    await runner.query('CREATE INDEX ON event_delivery (subscription, due_at)');
    await runner.query(EVENT_HORIZON);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION event_horizon');
    await runner.query('DROP TABLE event_delivery, event_position, event');
  }
}
