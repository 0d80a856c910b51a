import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Pool, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * Gives repositories the connection of the transaction they are called in. Services say what belongs together with
 * `run`; everything awaited inside commits or rolls back as one, also across domains.
 */
@Injectable()
export class Transactions {
  private readonly current = new AsyncLocalStorage<EntityManager>();
  private readonly asked = new Map<string, Promise<unknown[]>>();

  constructor(private readonly dataSource: DataSource) {}

  /** Manager of the running transaction, or of the pool outside of one. */
  get manager(): EntityManager {
    return this.current.getStore() ?? this.dataSource.manager;
  }

  /** Runs `work` in one transaction; inside another `run`, in that one. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.current.getStore()) return work();
    return this.dataSource.transaction((manager) => this.current.run(manager, work));
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
    if (this.current.getStore()) return this.query(sql, parameters);
    const { master } = this.dataSource.driver as unknown as { master?: Pool };
    if (!master) throw new Error('Connection terminated, as the application is shutting down.');
    return (await master.query<Row & QueryResultRow>(sql, parameters)).rows;
  }

  /**
   * As `select`, for what nearly every request asks: those who ask the same in one turn of the event loop get the same
   * answer, which is no older than their questions. Nobody may change the rows. In a transaction, the same as `select`.
   */
  ask<Row>(sql: string, parameters: unknown[]): Promise<readonly Readonly<Row>[]> {
    if (this.current.getStore()) return this.select(sql, parameters);
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
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
