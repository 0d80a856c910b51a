import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { rangeName, type EventRange } from '../model';

/** A partition by event start: `startMs` is -Infinity for all events before the end. */
export interface BeliefPartition extends EventRange {
  name: string;
}

/** Holds the events before those of all other partitions. */
export const HISTORY = 'timed_belief_history';

/** Holds the events that lie in no other partition. */
const DEFAULT = 'timed_belief_default';
const ASIDE = 'timed_belief_aside';

const BELIEF = 'sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value';
const MAX_WAIT_S = 5;
/** PostgreSQL's code for a lock that could not be had in time. */
const LOCK_NOT_AVAILABLE = '55P03';
const PARTITIONS_LOCK = 7_032_013;

/** Partitions of the table of beliefs. What changes them is to be called in a transaction that holds the lock. */
@Injectable()
export class BeliefPartitionsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Whether the table is a natively partitioned one: not before its migration, and not as a hypertable. */
  async isPartitioned(): Promise<boolean> {
    const rows = await this.transactions.query(
      "SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass('timed_belief')",
    );
    return rows.length === 1;
  }

  /** All partitions but the default one. */
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
    await this.transactions.query('SELECT pg_advisory_xact_lock($1)', [PARTITIONS_LOCK]);
  }

  /**
   * Keeps everybody from the beliefs until the transaction ends. Whoever asks for a weaker lock first and for this one
   * later may wait in a circle with those who read before they save.
   * @throws DomainError BELIEFS_BUSY when others do not leave the beliefs for a moment
   */
  async lockBeliefs(): Promise<void> {
    try {
      await this.transactions.query(`SET LOCAL lock_timeout = '${MAX_WAIT_S}s'`);
      await this.transactions.query('LOCK TABLE timed_belief IN ACCESS EXCLUSIVE MODE');
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
      throw new DomainError(
        'BELIEFS_BUSY',
        `Other transactions held the beliefs for more than ${MAX_WAIT_S} s; try again when they are done.`,
      );
    }
  }

  /** Takes the default partition with all it holds out of the table, and puts an empty one in its place. */
  async setDefaultAside(): Promise<void> {
    await this.transactions.query(`ALTER TABLE timed_belief DETACH PARTITION ${DEFAULT}`);
    await this.rename(DEFAULT, ASIDE);
    await this.transactions.query(`CREATE TABLE ${DEFAULT} PARTITION OF timed_belief DEFAULT`);
  }

  /** Puts the beliefs that were set aside back, each into the partition where it belongs by now. */
  async returnDefault(): Promise<void> {
    await this.transactions.query(
      `INSERT INTO timed_belief (${BELIEF}) SELECT ${BELIEF} FROM ${ASIDE} ORDER BY sensor_id, event_start`,
    );
    await this.transactions.query(`DROP TABLE ${ASIDE}`);
  }

  /** Makes what was set aside the history, not yet part of the table. */
  async nameHistory(): Promise<void> {
    await this.rename(ASIDE, HISTORY);
  }

  async detachHistory(): Promise<void> {
    await this.transactions.query(`ALTER TABLE timed_belief DETACH PARTITION ${HISTORY}`);
  }

  /** Makes the history part of the table up to `endMs`; its later beliefs move to where they belong. */
  async attachHistory(endMs: number): Promise<void> {
    const end = bound(endMs);
    await this.transactions.query(
      `WITH later AS (DELETE FROM ${HISTORY} WHERE event_start >= ${end} RETURNING ${BELIEF})
       INSERT INTO timed_belief (${BELIEF}) SELECT ${BELIEF} FROM later ORDER BY sensor_id, event_start`,
    );
    if ((await this.transactions.query(`SELECT FROM ${HISTORY} LIMIT 1`)).length === 0) {
      await this.transactions.query(`TRUNCATE ${HISTORY}`); // gives back what the moved beliefs took
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
       FOR VALUES FROM (${bound(range.startMs)}) TO (${bound(range.endMs)})`,
    );
    return name;
  }

  private async rename(from: string, to: string): Promise<void> {
    await this.transactions.query(`ALTER TABLE ${from} RENAME TO ${to}`);
    await this.transactions.query(`ALTER INDEX ${from}_pkey RENAME TO ${to}_pkey`);
  }
}

const bound = (ms: number): string => `'${new Date(ms).toISOString()}'`;

/** One bound of a partition in epoch milliseconds, null if there is none. */
const boundSql = (side: 'FROM' | 'TO'): string =>
  `extract(epoch FROM substring(bound FROM '${side} \\(''([^'']+)''\\)')::timestamptz)::float8 * 1000`;
