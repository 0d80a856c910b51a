import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import type { Pool, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

type Hook = () => Promise<void> | void;

/** A transaction that runs, and what its commit brings about. */
interface Running {
  manager: EntityManager;
  beforeCommit: Hook[];
  afterCommit: Hook[];
}

/**
 * Gives repositories the connection of the transaction they are called in. Services say what belongs together with
 * `run`; everything awaited inside commits or rolls back as one, also across domains.
 */
@Injectable()
export class Transactions {
  private readonly logger = new Logger('Database');
  private readonly current = new AsyncLocalStorage<Running>();
  private readonly asked = new Map<string, Promise<unknown[]>>();

  constructor(private readonly dataSource: DataSource) {}

  /** Manager of the running transaction, or of the pool outside of one. */
  get manager(): EntityManager {
    return this.current.getStore()?.manager ?? this.dataSource.manager;
  }

  /** Whether the caller runs in a transaction. */
  get isRunning(): boolean {
    return this.current.getStore() !== undefined;
  }

  /** Runs `work` in one transaction; inside another `run`, in that one. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isRunning) return work();
    const afterCommit: Hook[] = [];
    const result = await this.dataSource.transaction((manager) => {
      const running: Running = { manager, beforeCommit: [], afterCommit };
      return this.current.run(running, async () => {
        const done = await work();
        for (const hook of running.beforeCommit) await hook();
        return done;
      });
    });
    for (const hook of afterCommit) await this.runCommitted(hook);
    return result;
  }

  /**
   * Adds work to the end of the running transaction: it runs before the commit, and rolls all back if it fails.
   * @throws Error outside of a transaction
   */
  beforeCommit(hook: Hook): void {
    const running = this.current.getStore();
    if (!running) throw new Error('There is no transaction to add to.');
    running.beforeCommit.push(hook);
  }

  /**
   * Runs work once the running transaction has committed, and not if it rolls back; outside of a transaction at once.
   * `run` waits for it. As the commit stands, a failure of the hook is only logged.
   */
  async afterCommit(hook: Hook): Promise<void> {
    const running = this.current.getStore();
    if (running) running.afterCommit.push(hook);
    else await this.runCommitted(hook);
  }

  /** Runs one SQL statement on the current connection. The caller vouches for the shape of the rows. */
  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.manager.query(sql, parameters);
  }

  /**
   * As `query`, for a statement that begins with SELECT. Outside of transactions it goes straight to the pool, past what
   * TypeORM does around each statement, which for small ones is a good part of their cost.
   */
  async select<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    if (this.isRunning) return this.query(sql, parameters);
    const { master } = this.dataSource.driver as unknown as { master?: Pool };
    if (!master) throw new Error('Connection terminated, as the application is shutting down.');
    return (await master.query<Row & QueryResultRow>(sql, parameters)).rows;
  }

  /**
   * As `select`, for what nearly every request asks: those who ask the same in one turn of the event loop get the same
   * answer, which is no older than their questions. Nobody may change the rows. In a transaction, the same as `select`.
   */
  ask<Row>(sql: string, parameters: unknown[]): Promise<readonly Readonly<Row>[]> {
    if (this.isRunning) return this.select(sql, parameters);
    const key = JSON.stringify([sql, ...parameters]);
    const answer =
      this.asked.get(key) ??
      nextTurn().then(() => {
        this.asked.delete(key);
        return this.select(sql, parameters);
      });
    this.asked.set(key, answer);
    return answer as Promise<Row[]>;
  }

  private async runCommitted(hook: Hook): Promise<void> {
    try {
      await hook();
    } catch (error) {
      this.logger.error(
        `Work after a commit failed: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
