import type { Client } from 'pg';
import { eventually } from '../eventually';

/** Waits until all work that follows the events so far is done, so that its effects, also repeated ones, are visible. */
export async function waitForEvents(sql: Client): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await sql.query<{ left: number }>(
        `SELECT (SELECT count(*) FROM event_delivery)::int + (SELECT count(*) FROM event, event_position reader
           WHERE subscription <> '@deleted' AND (event.xid, event.id) > (reader.xid, reader.id))::int AS left`,
      );
      return rows[0]!.left;
    },
    (left) => left === 0,
  );
}
