import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { rangeName, type EventRange } from '../model';

/** A partition by event start: `startMs` is -Infinity for all events before the end. */
export interface BeliefPartition extends EventRange {
  name: string;
}

/** Name of the partition for the events before those of all other partitions. */
export const HISTORY = 'timed_belief_history';

/** Name of the partition for the events that belong in no other partition. */
const DEFAULT = 'timed_belief_default';
/** Name of a former default partition while its beliefs are moved. */
const ASIDE = 'timed_belief_aside';

const BELIEF =
  'sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value, repeated_horizons';
/** Part of each page that is filled with new beliefs; the rest is for the repeats that they will keep. */
const FILLING = 'WITH (fillfactor = 90)';
const MAX_WAIT_S = 5;
/** PostgreSQL's error code for a lock that was not granted in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Partitions of the belief table. Call what changes them in a transaction that holds `lockPartitions`. */
@Injectable()
export class BeliefPartitionsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Whether the table has native partitions: not before its migration, and not as a hypertable. */
  async isPartitioned(): Promise<boolean> {
    const rows = await this.transactions.query(
      "SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass('timed_belief')",
    );
    return rows.length === 1;
  }

  /** All partitions except the default one. */
  async find(): Promise<BeliefPartition[]> {
    const rows = await this.transactions.query<{ name: string; start: number | null; end: number | null }>(
      `SELECT relname AS name, ${boundSql('FROM')} AS start, ${boundSql('TO')} AS "end"
       FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid, pg_get_expr(relpartbound, inhrelid) AS bound
       WHERE inhparent = to_regclass('timed_belief') AND bound <> 'DEFAULT' ORDER BY start NULLS FIRST`,
    );
    return rows.map(({ name, start, end }) => ({
      name,
      startMs: start ?? -Infinity,
      endMs: end ?? Infinity,
    }));
  }

  /** Lets one process at a time change partitions. */
  async lockPartitions(): Promise<void> {
    await this.transactions.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.partitions]);
  }

  /**
   * Locks the belief table against reads and writes until the transaction ends. Do not take a weaker lock on it before:
   * that can deadlock with transactions that read before they save.
   * @throws DomainError BELIEFS_BUSY if other transactions hold the table for too long
   */
  async lockBeliefs(): Promise<void> {
    try {
      await this.transactions.query(`SET LOCAL lock_timeout = '${MAX_WAIT_S}s'`);
      await this.transactions.query('LOCK TABLE timed_belief IN ACCESS EXCLUSIVE MODE');
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
      throw new DomainError(
        'BELIEFS_BUSY',
        `Other transactions used the beliefs for more than ${MAX_WAIT_S} s. Try again when they are done.`,
      );
    }
  }

  /** Detaches the default partition with all its beliefs, and attaches an empty one in its place. */
  async setDefaultAside(): Promise<void> {
    await this.transactions.query(`ALTER TABLE timed_belief DETACH PARTITION ${DEFAULT}`);
    await this.rename(DEFAULT, ASIDE);
    await this.transactions.query(`CREATE TABLE ${DEFAULT} PARTITION OF timed_belief DEFAULT ${FILLING}`);
  }

  /** Moves the beliefs that were set aside back, each into the partition where it now belongs. */
  async returnDefault(): Promise<void> {
    await this.transactions.query(
      `INSERT INTO timed_belief (${BELIEF}) SELECT ${BELIEF} FROM ${ASIDE} ORDER BY sensor_id, event_start`,
    );
    await this.transactions.query(`DROP TABLE ${ASIDE}`);
  }

  /** Renames what was set aside to the history partition; it is not attached yet. */
  async nameHistory(): Promise<void> {
    await this.rename(ASIDE, HISTORY);
  }

  async detachHistory(): Promise<void> {
    await this.transactions.query(`ALTER TABLE timed_belief DETACH PARTITION ${HISTORY}`);
  }

  /** Attaches the history up to `endMs`; its later beliefs move to the partitions where they belong. */
  async attachHistory(endMs: number): Promise<void> {
    const end = bound(endMs);
    await this.transactions.query(
      `WITH later AS (DELETE FROM ${HISTORY} WHERE event_start >= ${end} RETURNING ${BELIEF})
       INSERT INTO timed_belief (${BELIEF}) SELECT ${BELIEF} FROM later ORDER BY sensor_id, event_start`,
    );
    if ((await this.transactions.query(`SELECT FROM ${HISTORY} LIMIT 1`)).length === 0) {
      await this.transactions.query(`TRUNCATE ${HISTORY}`); // frees the space of the moved beliefs
    }
    await this.transactions.query(
      `ALTER TABLE timed_belief ATTACH PARTITION ${HISTORY} FOR VALUES FROM (MINVALUE) TO (${end})`,
    );
  }

  /** Creates an empty partition. @returns its name. */
  async create(range: EventRange): Promise<string> {
    const name = `timed_belief_${rangeName(range)}`;
    await this.transactions.query(
      `CREATE TABLE ${name} PARTITION OF timed_belief
       FOR VALUES FROM (${bound(range.startMs)}) TO (${bound(range.endMs)}) ${FILLING}`,
    );
    return name;
  }

  private async rename(from: string, to: string): Promise<void> {
    await this.transactions.query(`ALTER TABLE ${from} RENAME TO ${to}`);
    await this.transactions.query(`ALTER INDEX ${from}_pkey RENAME TO ${to}_pkey`);
  }
}

const bound = (ms: number): string => `'${new Date(ms).toISOString()}'`;

/** SQL for one bound of a partition in epoch milliseconds, null if there is none. */
const boundSql = (side: 'FROM' | 'TO'): string =>
  `extract(epoch FROM substring(bound FROM '${side} \\(''([^'']+)''\\)')::timestamptz)::float8 * 1000`;
