import { Inject, Injectable } from '@nestjs/common';
import { shiftedNow, Transactions } from '#lib/database';
import { CLOCK, type Clock } from '#lib/time';
import { DELETED, IS_HELD_BACK } from '../events.repository';
import { parsePosition, START, toPosition, type Position, type PositionParts } from '../position';

/** Work of a subscription that somebody has begun. */
export interface Delivery {
  id: string;
  work: unknown;
  /** How often it was begun, this time included. */
  attempts: number;
}

/** Work of a subscription under its key, before it is begun. */
export interface WaitingWork {
  key: string;
  work: unknown;
}

/** What there is to do for a subscription. */
export interface SubscriptionState {
  /** Whether there are events that it has not taken in. */
  isBehind: boolean;
  /** Whether events are there that a transaction which is still open keeps from being read. */
  isHeldBack: boolean;
  /** In how many milliseconds the next work is due; Infinity if there is none. */
  dueInMs: number;
}

/** How far a subscription is, for people. */
export interface SubscriptionFigures {
  subscription: string;
  /** Age of the oldest event that it has not taken in, in seconds; null if there is none. */
  behindS: number | null;
  /** Work that nobody has begun. */
  waiting: number;
  /** Work that a process has begun and that has not failed. */
  running: number;
  /** Work that failed and is tried again. */
  failing: number;
  /** Why the latest failed. */
  failure: string | null;
}

/**
 * How far subscriptions are, and their work. Times are the database's, moved by the offset of the clock: the clocks of
 * processes need not agree.
 */
@Injectable()
export class DeliveriesRepository {
  constructor(
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Adds a subscription unless it is there; it begins with all events that still are. */
  async register(subscription: string): Promise<void> {
    const { xid, id } = parsePosition(START);
    await this.transactions.query(
      'INSERT INTO event_position (subscription, xid, id) VALUES ($1, $2::xid8, $3) ON CONFLICT DO NOTHING',
      [subscription, xid, id],
    );
  }

  /** @returns undefined for a subscription that is not registered */
  async state(subscription: string): Promise<SubscriptionState | undefined> {
    const [row] = await this.transactions.select<{
      is_behind: boolean;
      is_held_back: boolean;
      due_in_ms: number | null;
    }>(
      `SELECT
         (SELECT true FROM event WHERE (event.xid, event.id) > (reader.xid, reader.id)
           AND event.xid < horizon ORDER BY event.xid, event.id LIMIT 1) IS NOT NULL AS is_behind,
         ${IS_HELD_BACK} AS is_held_back,
         (SELECT extract(epoch FROM min(due_at) - ${shiftedNow('$2')})::float8 * 1000 FROM event_delivery
           WHERE subscription = $1) AS due_in_ms
       FROM event_position AS reader, event_horizon() AS horizon WHERE subscription = $1`,
      [subscription, this.clock.offsetMs],
    );
    return (
      row && { isBehind: row.is_behind, isHeldBack: row.is_held_back, dueInMs: row.due_in_ms ?? Infinity }
    );
  }

  /**
   * The position of a subscription, which nobody else may move until the running transaction ends.
   * @returns undefined while somebody else has it
   */
  async lockPosition(subscription: string): Promise<Position | undefined> {
    const [row] = await this.transactions.query<PositionParts>(
      `/* prepared */ SELECT xid::text, id::text FROM event_position WHERE subscription = $1
       FOR UPDATE SKIP LOCKED`,
      [subscription],
    );
    return row && toPosition(row);
  }

  async movePosition(subscription: string, position: Position): Promise<void> {
    const { xid, id } = parsePosition(position);
    await this.transactions.query(
      '/* prepared */ UPDATE event_position SET xid = $2::xid8, id = $3 WHERE subscription = $1',
      [subscription, xid, id],
    );
  }

  /** Work with these keys that nobody has begun, and nobody can begin until the running transaction ends. */
  lockWaiting(subscription: string, keys: readonly string[]): Promise<WaitingWork[]> {
    return this.transactions.query<WaitingWork>(
      `/* prepared */ SELECT key, work FROM event_delivery
       WHERE subscription = $1 AND attempts = 0 AND key = ANY($2::text[]) FOR UPDATE`,
      [subscription, keys],
    );
  }

  /** Adds work, or puts it in the place of what waits under its key, whose time it then extends up to a limit. */
  async add(
    subscription: string,
    waiting: readonly WaitingWork[],
    { quietMs, patienceMs }: { quietMs: number; patienceMs: number },
  ): Promise<void> {
    await this.transactions.query(
      `/* prepared */ INSERT INTO event_delivery (subscription, key, work, created_at, due_at)
       SELECT $1, key, work, ${shiftedNow('$6')}, ${shiftedNow('$6')} + $4 * interval '1 ms' FROM unnest($2::text[], $3::jsonb[]) AS added (key, work)
       ON CONFLICT (subscription, key) WHERE attempts = 0 DO UPDATE SET work = excluded.work,
         due_at = least(excluded.due_at, event_delivery.created_at + $5 * interval '1 ms')`,
      [
        subscription,
        waiting.map(({ key }) => key),
        waiting.map(({ work }) => JSON.stringify(work)),
        quietMs,
        patienceMs,
        this.clock.offsetMs,
      ],
    );
  }

  /** Begins work that is due, for a time; whoever is not done by then leaves it to others. */
  claim(subscription: string, limit: number, leaseMs: number): Promise<Delivery[]> {
    return this.transactions.query<Delivery>(
      `/* prepared */ WITH next AS (
         SELECT id FROM event_delivery WHERE subscription = $1 AND due_at <= ${shiftedNow('$4')}
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE event_delivery SET attempts = attempts + 1, due_at = ${shiftedNow('$4')} + $3 * interval '1 ms'
         FROM next WHERE event_delivery.id = next.id RETURNING event_delivery.*
       )
       SELECT id::text, work, attempts FROM claimed ORDER BY claimed.id`,
      [subscription, limit, leaseMs, this.clock.offsetMs],
    );
  }

  /**
   * Holds on to begun work until the end of the transaction.
   * @returns whether the caller is still the one who began it last
   */
  async lock({ id, attempts }: Delivery): Promise<boolean> {
    const rows = await this.transactions.query(
      '/* prepared */ SELECT FROM event_delivery WHERE id = $1 AND attempts = $2 FOR UPDATE',
      [id, attempts],
    );
    return rows.length > 0;
  }

  async finish({ id }: Delivery): Promise<void> {
    await this.transactions.query('/* prepared */ DELETE FROM event_delivery WHERE id = $1', [id]);
  }

  /** Records why work failed, and when it is tried again. */
  async postpone({ id, attempts }: Delivery, failure: string, delayMs: number): Promise<void> {
    await this.transactions.query(
      `UPDATE event_delivery SET failure = $3, due_at = ${shiftedNow('$5')} + $4 * interval '1 ms'
       WHERE id = $1 AND attempts = $2`,
      [id, attempts, failure, delayMs, this.clock.offsetMs],
    );
  }

  /** All subscriptions, by name. */
  async figures(): Promise<SubscriptionFigures[]> {
    return this.transactions.query<SubscriptionFigures>(
      `SELECT reader.subscription,
         (SELECT extract(epoch FROM now() - emitted_at)::float8 FROM event
          WHERE (event.xid, event.id) > (reader.xid, reader.id) ORDER BY xid, id LIMIT 1) AS "behindS",
         count(*) FILTER (WHERE attempts = 0)::int AS waiting,
         count(*) FILTER (WHERE attempts > 0 AND failure IS NULL)::int AS running,
         count(*) FILTER (WHERE failure IS NOT NULL)::int AS failing,
         (array_agg(failure ORDER BY delivery.id DESC) FILTER (WHERE failure IS NOT NULL))[1] AS failure
       FROM event_position AS reader LEFT JOIN event_delivery AS delivery USING (subscription)
       WHERE reader.subscription <> '${DELETED}'
       GROUP BY reader.subscription, reader.xid, reader.id ORDER BY reader.subscription`,
    );
  }

  /** Forgets a subscription and its work. @returns whether there was one */
  async remove(subscription: string): Promise<boolean> {
    const rows = await this.transactions.query(
      `WITH work AS (DELETE FROM event_delivery WHERE subscription = $1),
       reader AS (
         DELETE FROM event_position WHERE subscription = $1 AND subscription <> '${DELETED}' RETURNING subscription
       )
       SELECT subscription FROM reader`,
      [subscription],
    );
    return rows.length > 0;
  }
}
