import { Inject, Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, shiftedNow, Transactions } from '#lib/database';
import { CLOCK, type Clock } from '#lib/time';
import type { Actor } from './actor';
import type { DomainEvent } from './event-type';
import { parsePosition, toPosition, type Position } from './position';

/** An event to insert into the outbox. */
export interface NewEvent {
  name: string;
  actor: Actor;
  payload: object;
}

/** Result of reading events. */
export interface ReadEvents {
  events: DomainEvent[];
  /** The new position of the reader: it has seen all events up to here. */
  position: Position;
  /** Whether there may be more events to read now. */
  hasMore: boolean;
  /** Whether an open transaction prevents events from being read. */
  isHeldBack: boolean;
  /** Whether events after the reader's position were deleted. */
  isGap: boolean;
}

/** Name of the row of `event_position` that stores the position up to which events were deleted. */
export const DELETED_POSITION = '@deleted';

/**
 * Whether an open transaction holds events back. In this form, and not as EXISTS, the planner uses the key: it expects to
 * find one soon wherever it begins, while all of them are at the end.
 */
export const IS_HELD_BACK =
  '(SELECT true FROM event WHERE xid >= horizon ORDER BY xid, id LIMIT 1) IS NOT NULL';

/** Planned each time: without the position, the planner may take the whole table for what comes after it. */
const READ = `
  SELECT horizon::text, found.*,
    ${IS_HELD_BACK} AS is_held_back,
    EXISTS (SELECT FROM event_position
      WHERE subscription = '${DELETED_POSITION}' AND (xid, id) > ($1::xid8, $2::bigint)) AS is_gap
  FROM event_horizon() AS horizon LEFT JOIN LATERAL (
    SELECT xid::text, id::text, name, actor, payload, extract(epoch FROM emitted_at)::float8 * 1000 AS emitted_at_ms
    FROM event WHERE (event.xid, event.id) > ($1::xid8, $2::bigint) AND event.xid < horizon AND name = ANY($3::text[])
    ORDER BY event.xid, event.id LIMIT $4
  ) AS found ON true
  ORDER BY found.xid::xid8, found.id::bigint`;

interface ReadRow {
  /** Id of the oldest open transaction: all earlier ones have ended. See the SQL function event_horizon. */
  horizon: string;
  is_held_back: boolean;
  is_gap: boolean;
  xid: string | null;
  id: string;
  name: string;
  actor: Actor;
  payload: unknown;
  emitted_at_ms: number;
}

/**
 * The outbox: events, ordered by transaction. When an event was emitted is real time, whatever the clock says,
 * because `event_horizon` compares it with the ages of transactions.
 */
@Injectable()
export class EventsRepository {
  constructor(
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Adds events. Call it in the transaction that causes them. */
  async insert(events: readonly NewEvent[]): Promise<void> {
    await this.transactions.query(
      `/* prepared */ INSERT INTO event (name, actor, payload)
       SELECT * FROM unnest($1::text[], $2::jsonb[], $3::jsonb[])`,
      [
        events.map(({ name }) => name),
        events.map(({ actor }) => JSON.stringify(actor)),
        events.map(({ payload }) => JSON.stringify(payload)),
      ],
    );
  }

  /**
   * Events with these names after a position, in order. It stops before the oldest open transaction, because the events of
   * that transaction come before those that later transactions have already committed.
   */
  async read(after: Position, names: readonly string[], limit: number): Promise<ReadEvents> {
    const { xid, id } = parsePosition(after);
    const rows = await this.transactions.select<ReadRow>(READ, [xid, id, names, limit]);
    const events = rows.flatMap((row) => (row.xid === null ? [] : [toEvent(row, row.xid)]));
    const hasMore = events.length === limit;
    const { horizon, is_held_back: isHeldBack, is_gap: isGap } = rows[0]!;
    const position = hasMore ? events[events.length - 1]!.position : toPosition({ xid: horizon, id: '0' });
    return { events, position, hasMore, isHeldBack, isGap };
  }

  /** Start position of a reader of events that are committed from now on. */
  async findCurrentPosition(): Promise<Position> {
    const [row] = await this.transactions.select<{ horizon: string }>(
      'SELECT event_horizon()::text AS horizon',
      [],
    );
    return toPosition({ xid: row!.horizon, id: '0' });
  }

  /**
   * Deletes some of the oldest events that are older than a duration and that all subscriptions have read.
   * @returns their number; if it is the limit, there may be more events to delete
   */
  async deleteOld(olderThanMs: number, limit: number): Promise<number> {
    const [row] = await this.transactions.query<{ deleted: string }>(
      `WITH oldest AS (
         SELECT xid, id, emitted_at FROM event
         WHERE (xid, id) <= ALL (SELECT xid, id FROM event_position WHERE subscription <> '${DELETED_POSITION}')
         ORDER BY xid, id LIMIT $2
       ), deleted AS (
         DELETE FROM event USING oldest
         WHERE event.xid = oldest.xid AND event.id = oldest.id AND oldest.emitted_at < ${shiftedNow('$3')} - $1 * interval '1 ms'
         RETURNING event.xid, event.id
       ), noted AS (
         INSERT INTO event_position (subscription, xid, id)
         SELECT '${DELETED_POSITION}', xid, id FROM deleted ORDER BY xid DESC, id DESC LIMIT 1
         ON CONFLICT (subscription) DO UPDATE SET xid = excluded.xid, id = excluded.id
         WHERE (excluded.xid, excluded.id) > (event_position.xid, event_position.id)
       )
       SELECT count(*) AS deleted FROM deleted`,
      [olderThanMs, limit, this.clock.offsetMs],
    );
    return Number(row!.deleted);
  }

  /** Number of events that `deleteOld` would delete, in as many calls as it takes. */
  async countOld(olderThanMs: number): Promise<number> {
    const [row] = await this.transactions.select<{ count: number }>(
      `SELECT count(*)::int AS count FROM event
       WHERE (xid, id) <= ALL (SELECT xid, id FROM event_position WHERE subscription <> '${DELETED_POSITION}')
         AND emitted_at < ${shiftedNow('$2')} - $1 * interval '1 ms'`,
      [olderThanMs, this.clock.offsetMs],
    );
    return row!.count;
  }

  /**
   * Gives events that a database dump brought from another server a position in the order of this server. Otherwise, they
   * would stay unread, because their transaction ids are in the future. Unread events stay after their readers' positions.
   */
  async renumberForeign(): Promise<void> {
    const isForeign = 'xid >= pg_snapshot_xmax(pg_current_snapshot())';
    const [row] = await this.transactions.select<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM event WHERE ${isForeign}) OR
         EXISTS (SELECT FROM event_position WHERE ${isForeign}) AS found`,
      [],
    );
    if (row?.found !== true) return;
    await this.transactions.run(async () => {
      await this.transactions.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.events]);
      await this.transactions.query(
        `UPDATE event_position AS reader SET xid = pg_current_xact_id(), id = coalesce(
           (SELECT min(event.id) - 1 FROM event WHERE (event.xid, event.id) > (reader.xid, reader.id)), reader.id)
         WHERE ${isForeign}`,
      );
      await this.transactions.query(`UPDATE event SET xid = pg_current_xact_id() WHERE ${isForeign}`);
    });
  }
}

const toEvent = (row: ReadRow, xid: string): DomainEvent => ({
  name: row.name,
  payload: row.payload,
  actor: row.actor,
  position: toPosition({ xid, id: row.id }),
  emittedAtMs: row.emitted_at_ms,
});
