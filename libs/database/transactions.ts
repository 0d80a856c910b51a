import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
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
   * As `query`, for what nearly every request asks: those who ask the same in one turn of the event loop get the same
   * answer, which is no older than their questions. Nobody may change the rows. In a transaction, the same as `query`.
   */
  ask<Row>(sql: string, parameters: unknown[]): Promise<readonly Readonly<Row>[]> {
    if (this.current.getStore()) return this.query(sql, parameters);
    const key = JSON.stringify([sql, ...parameters]);
    const answer =
      this.asked.get(key) ??
      nextTurn().then(() => {
        this.asked.delete(key);
        return this.query(sql, parameters);
      });
    this.asked.set(key, answer);
    return answer as Promise<Row[]>;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
