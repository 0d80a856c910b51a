import { Inject, Injectable } from '@nestjs/common';
import { COMMITS_WITHOUT_WAITING, shiftedNow, Transactions } from '#lib/database';
import { CLOCK, type Clock } from '#lib/time';
import { DELETED_POSITION, IS_HELD_BACK } from '../events.repository';
import { parsePosition, START, toPosition, type Position, type PositionParts } from '../position';

/** The longest limit of a statement that PostgreSQL accepts. */
const MAX_STATEMENT_MS = 2_147_483_647;

/** Work of a subscription that a process has claimed. */
export interface Delivery {
  id: string;
  work: unknown;
  /** Number of attempts, including this one. */
  attempts: number;
}

/** Work of a subscription that waits, with its merge key. */
export interface PendingWork {
  key: string;
  work: unknown;
}

/** State of a subscription. */
export interface SubscriptionState {
  /** Whether there are events that it has not read. */
  isBehind: boolean;
  /** Whether an open transaction prevents events from being read. */
  isHeldBack: boolean;
  /**
   * Milliseconds until the next work is due, or the lease of running work ends; negative if that is overdue, Infinity if
   * there is no work.
   */
  dueInMs: number;
}

/** Progress of a subscription, for operators. */
export interface SubscriptionProgress {
  subscription: string;
  /** Age of the oldest event that it has not read, in seconds; null if there is none. */
  behindS: number | null;
  /** Number of items of work that were not started. */
  waiting: number;
  /** Number of items of work that were claimed and have not failed; they run, unless their process has died. */
  running: number;
  /** Number of items of work that have failed and are tried again, later or now. */
  failing: number;
  /** Reason of the failure of the newest of them. */
  failure: string | null;
}

/**
 * Positions and work of subscriptions. All times come from the clock of the database, so that the clocks of processes do not
 * matter. Times of work are moved by the offset of the injected clock.
 */
@Injectable()
export class DeliveriesRepository {
  constructor(
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Adds a subscription unless it exists. It starts with the oldest event that is still stored. */
  async register(subscription: string): Promise<void> {
    const { xid, id } = parsePosition(START);
    await this.transactions.query(
      'INSERT INTO event_position (subscription, xid, id) VALUES ($1, $2::xid8, $3) ON CONFLICT DO NOTHING',
      [subscription, xid, id],
    );
  }

  /**
   * Planned each time: a plan from when there were few events would read all of them later.
   * @returns undefined for a subscription that is not registered
   */
  async findState(subscription: string): Promise<SubscriptionState | undefined> {
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
   * Locks the position of a subscription until the current transaction ends.
   * @returns the position; undefined if another transaction has locked it
   */
  async lockPosition(subscription: string): Promise<Position | undefined> {
    const [row] = await this.transactions.query<PositionParts>(
      `/* prepared */ SELECT xid::text, id::text FROM event_position WHERE subscription = $1
       FOR UPDATE SKIP LOCKED`,
      [subscription],
    );
    return row && toPosition(row);
  }

  /**
   * Stores the position of a subscription. The commit does not wait for the disk: if the database loses it in a crash, the
   * events are read again.
   */
  async movePosition(subscription: string, position: Position): Promise<void> {
    const { xid, id } = parsePosition(position);
    await this.transactions.query(
      `/* prepared */ UPDATE event_position SET xid = $2::xid8, id = $3
       WHERE subscription = $1 AND ${COMMITS_WITHOUT_WAITING}`,
      [subscription, xid, id],
    );
  }

  /** Locks the waiting work with these keys: no process can start it until the current transaction ends. */
  lockPending(subscription: string, keys: readonly string[]): Promise<PendingWork[]> {
    return this.transactions.query<PendingWork>(
      `/* prepared */ SELECT key, work FROM event_delivery
       WHERE subscription = $1 AND attempts = 0 AND key = ANY($2::text[]) FOR UPDATE`,
      [subscription, keys],
    );
  }

  /**
   * Adds work. It replaces waiting work with the same key, which then becomes due later, up to the maximum wait. Callers that
   * merge work lock the waiting work first (`lockPending`).
   */
  async add(
    subscription: string,
    pending: readonly PendingWork[],
    { debounceMs, maxWaitMs }: { debounceMs: number; maxWaitMs: number },
  ): Promise<void> {
    await this.transactions.query(
      `/* prepared */ INSERT INTO event_delivery (subscription, key, work, created_at, due_at)
       SELECT $1, key, work, ${shiftedNow('$6')}, ${shiftedNow('$6')} + $4 * interval '1 ms' FROM unnest($2::text[], $3::jsonb[]) AS added (key, work)
       ON CONFLICT (subscription, key) WHERE attempts = 0 DO UPDATE SET work = excluded.work,
         due_at = least(excluded.due_at, event_delivery.created_at + $5 * interval '1 ms')`,
      [
        subscription,
        pending.map(({ key }) => key),
        pending.map(({ work }) => JSON.stringify(work)),
        debounceMs,
        maxWaitMs,
        this.clock.offsetMs,
      ],
    );
  }

  /** Claims due work. Other processes can claim it again after the lease. */
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
   * Locks claimed work until the end of the transaction.
   * @param limitMs how long each later statement of the transaction may take
   * @returns whether no other process has claimed it since
   */
  async lock({ id, attempts }: Delivery, limitMs: number): Promise<boolean> {
    const rows = await this.transactions.query(
      `/* prepared */ SELECT ${limitStatements('$3')} FROM event_delivery WHERE id = $1 AND attempts = $2 FOR UPDATE`,
      [id, attempts, toStatementLimit(limitMs)],
    );
    return rows.length > 0;
  }

  /** As `lock`. @returns what no other process has claimed since, in order */
  async lockAll(claimed: readonly Delivery[], limitMs: number): Promise<Delivery[]> {
    const rows = await this.transactions.query<Pick<Delivery, 'id'>>(
      `/* prepared */ SELECT id::text, ${limitStatements('$3')} FROM event_delivery JOIN unnest($1::bigint[], $2::int[]) AS claimed (id, attempts)
         USING (id, attempts) ORDER BY id FOR UPDATE OF event_delivery`,
      [claimed.map(({ id }) => id), claimed.map(({ attempts }) => attempts), toStatementLimit(limitMs)],
    );
    const ids = new Set(rows.map(({ id }) => id));
    return claimed.filter(({ id }) => ids.has(id));
  }

  /**
   * Removes work that was done in this transaction. The commit does not wait for the disk: if the database loses it in a
   * crash, the work waits as before.
   */
  async finishAll(done: readonly Delivery[]): Promise<void> {
    await this.transactions.query(
      `/* prepared */ DELETE FROM event_delivery WHERE id = ANY($1::bigint[]) AND ${COMMITS_WITHOUT_WAITING}`,
      [done.map(({ id }) => id)],
    );
  }

  async finish({ id }: Delivery): Promise<void> {
    await this.transactions.query('/* prepared */ DELETE FROM event_delivery WHERE id = $1', [id]);
  }

  /** Records a failure and the time of the next attempt, unless another process has claimed the work since. */
  async postpone({ id, attempts }: Delivery, failure: string, delayMs: number): Promise<void> {
    await this.transactions.query(
      `UPDATE event_delivery SET failure = $3, due_at = ${shiftedNow('$5')} + $4 * interval '1 ms'
       WHERE id = $1 AND attempts = $2`,
      [id, attempts, failure, delayMs, this.clock.offsetMs],
    );
  }

  /** The progress of all subscriptions, ordered by name. */
  async listProgress(): Promise<SubscriptionProgress[]> {
    return this.transactions.query<SubscriptionProgress>(
      `SELECT reader.subscription,
         (SELECT extract(epoch FROM now() - emitted_at)::float8 FROM event
          WHERE (event.xid, event.id) > (reader.xid, reader.id) ORDER BY xid, id LIMIT 1) AS "behindS",
         count(*) FILTER (WHERE attempts = 0)::int AS waiting,
         count(*) FILTER (WHERE attempts > 0 AND failure IS NULL)::int AS running,
         count(*) FILTER (WHERE failure IS NOT NULL)::int AS failing,
         (array_agg(failure ORDER BY delivery.id DESC) FILTER (WHERE failure IS NOT NULL))[1] AS failure
       FROM event_position AS reader LEFT JOIN event_delivery AS delivery USING (subscription)
       WHERE reader.subscription <> '${DELETED_POSITION}'
       GROUP BY reader.subscription, reader.xid, reader.id ORDER BY reader.subscription`,
    );
  }

  /** Deletes a subscription and its work. @returns whether it existed */
  async remove(subscription: string): Promise<boolean> {
    const rows = await this.transactions.query(
      `WITH work AS (DELETE FROM event_delivery WHERE subscription = $1),
       reader AS (
         DELETE FROM event_position WHERE subscription = $1 AND subscription <> '${DELETED_POSITION}' RETURNING subscription
       )
       SELECT subscription FROM reader`,
      [subscription],
    );
    return rows.length > 0;
  }
}

/** Limits the statements that follow in the transaction: work that is late is rolled back after its running statement. */
const limitStatements = (parameter: string): string => `set_config('statement_timeout', ${parameter}, true)`;

/** PostgreSQL takes whole milliseconds; 0 would be no limit. */
const toStatementLimit = (limitMs: number): string =>
  String(Math.min(Math.max(Math.ceil(limitMs), 1), MAX_STATEMENT_MS));
