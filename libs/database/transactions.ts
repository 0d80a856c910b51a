import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import type { Pool, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

type Hook = () => Promise<void> | void;

/** A running transaction and the hooks of its commit. */
interface RunningTransaction {
  manager: EntityManager;
  beforeCommit: Hook[];
  afterCommit: Hook[];
  /** Work that was not awaited to its end shall not go on outside the transaction, whose connection serves others then. */
  hasFailed: boolean;
}

/**
 * The running transactions of the code, by database. One storage for all databases of a process: Node.js 20 copies the
 * value of every storage that was ever used to every promise.
 */
const RUNNING = new AsyncLocalStorage<ReadonlyMap<Transactions, RunningTransaction>>();

/**
 * Gives repositories the connection of the transaction in which they are called. Services start transactions with `run`:
 * all work that is awaited inside commits or rolls back together, also across domains.
 */
@Injectable()
export class Transactions {
  private readonly logger = new Logger('Database');
  /** Shared selects that have not begun yet: by statement, then by parameters. */
  private readonly sharedSelects = new Map<string, Map<string, Promise<unknown[]>>>();

  constructor(private readonly dataSource: DataSource) {}

  /** Entity manager of the running transaction, or of the pool if there is none. */
  get manager(): EntityManager {
    const running = this.current;
    if (running?.hasFailed) throw new Error('The transaction of this work was rolled back.');
    return running?.manager ?? this.dataSource.manager;
  }

  /** Whether the caller runs in a transaction. */
  get isRunning(): boolean {
    return this.current !== undefined;
  }

  /** Runs `work` in a transaction. A nested `run` uses the outer transaction. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isRunning) return work();
    const afterCommit: Hook[] = [];
    const result = await this.dataSource.transaction((manager) => {
      const running: RunningTransaction = { manager, beforeCommit: [], afterCommit, hasFailed: false };
      return RUNNING.run(new Map(RUNNING.getStore()).set(this, running), async () => {
        try {
          const done = await work();
          for (const hook of running.beforeCommit) await hook();
          return done;
        } catch (error) {
          running.hasFailed = true;
          throw error;
        }
      });
    });
    for (const hook of afterCommit) await this.runAfterCommit(hook);
    return result;
  }

  /**
   * Adds a hook that runs at the end of the transaction, before the commit. If it fails, the transaction is rolled back.
   * @throws Error outside a transaction
   */
  beforeCommit(hook: Hook): void {
    const running = this.current;
    if (!running) throw new Error('beforeCommit was called outside a transaction.');
    running.beforeCommit.push(hook);
  }

  /**
   * Runs a hook after the commit of the running transaction, but not after a rollback; outside a transaction, at once.
   * `run` waits for the hook. A failure of the hook is only logged, as the commit cannot be undone.
   */
  async afterCommit(hook: Hook): Promise<void> {
    const running = this.current;
    if (running) running.afterCommit.push(hook);
    else await this.runAfterCommit(hook);
  }

  /** Runs one SQL statement on the current connection. The type of the rows is not checked. */
  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.manager.query(sql, parameters);
  }

  /**
   * As `query`, for a SELECT statement. Outside transactions it uses the pool directly: for small statements, the overhead
   * of TypeORM is a large part of the cost.
   */
  async select<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    if (this.isRunning) return this.query(sql, parameters);
    const { master } = this.dataSource.driver as unknown as { master?: Pool };
    if (!master) throw new Error('Connection terminated: the application is shutting down.');
    return (await master.query<Row & QueryResultRow>(sql, parameters)).rows;
  }

  /**
   * As `select`, for statements of nearly every request: equal statements within one iteration of the event loop run once
   * and share the result. The result is never older than the call. Callers must not change the rows. In a transaction, the
   * same as `select`.
   */
  selectShared<Row>(sql: string, parameters: unknown[]): Promise<readonly Readonly<Row>[]> {
    if (this.isRunning) return this.select(sql, parameters);
    // Two maps, because to make one key of both would copy the statement each time.
    const waiting = this.sharedSelects.get(sql) ?? new Map<string, Promise<unknown[]>>();
    this.sharedSelects.set(sql, waiting);
    const key = JSON.stringify(parameters);
    const known = waiting.get(key);
    if (known) return known as Promise<Row[]>;
    const answer = nextEventLoopIteration().then(() => {
      waiting.delete(key);
      if (waiting.size === 0) this.sharedSelects.delete(sql);
      return this.select<Row>(sql, parameters);
    });
    waiting.set(key, answer);
    return answer;
  }

  private get current(): RunningTransaction | undefined {
    return RUNNING.getStore()?.get(this);
  }

  private async runAfterCommit(hook: Hook): Promise<void> {
    try {
      await hook();
    } catch (error) {
      this.logger.error(
        `A hook after a commit failed: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  }
}

const nextEventLoopIteration = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
