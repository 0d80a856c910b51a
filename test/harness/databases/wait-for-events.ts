import type { Client } from 'pg';
import { eventually } from '../eventually';

/**
 * Waits until all work that follows the events so far is done, so that its effects, also repeated ones, are visible.
 * @param subscription only its work; others look only once a second at events that they do not read
 */
export async function waitForEvents(sql: Client, subscription?: string): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await sql.query<{ left: number }>(
        `SELECT (SELECT count(*) FROM event_delivery WHERE $1::text IS NULL OR subscription = $1)::int
           + (SELECT count(*) FROM event, event_position reader
              WHERE subscription <> '@deleted' AND ($1::text IS NULL OR subscription = $1)
                AND (event.xid, event.id) > (reader.xid, reader.id))::int AS left`,
        [subscription ?? null],
      );
      return rows[0]!.left;
    },
    (left) => left === 0,
  );
}
