import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** Connections of the pool of this process. */
export interface PoolState {
  total: number;
  idle: number;
  /** Number of callers that wait for a connection. */
  waiting: number;
}

/** Tells how busy the connections to the database are. */
@Injectable()
export class PoolUse {
  constructor(private readonly dataSource: DataSource) {}

  /** Zeros before the connection and after its end. */
  read(): PoolState {
    const { master } = this.dataSource.driver as unknown as { master?: Pool };
    return {
      total: master?.totalCount ?? 0,
      idle: master?.idleCount ?? 0,
      waiting: master?.waitingCount ?? 0,
    };
  }
}
