import { getQueueToken } from '@nestjs/bull';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { JobOptions, Queue } from 'bull';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import type { Job } from '../job.entity';
import { QUEUES } from '../model';

/** Deliveries of one job, with doubling delays. Afterwards, the reconciler adds the job again. */
const DELIVERY_OPTIONS = { attempts: 10, backoff: { type: 'exponential', delay: 1000 } };

/** Minimum interval between log lines about Redis errors. */
const ERROR_LOG_INTERVAL_MS = 60_000;

/** The part of a job that is stored in Redis. */
export type RedisJob = Pick<Job, 'id' | 'queue' | 'kind' | 'payload' | 'turn'>;

/** The Bull queues on Redis, by name. */
@Injectable()
export class RedisQueues implements OnModuleInit {
  private readonly logger = new Logger('Jobs');
  private loggedAtMs = -Infinity;

  constructor(
    private readonly modules: ModuleRef,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'jobTtlMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    for (const name of QUEUES) this.get(name).on('error', (error) => this.logError(error));
  }

  /** The connection, for other uses. */
  get client(): Queue<unknown>['client'] {
    return this.get(QUEUES[0]!).client;
  }

  get(name: string): Queue<unknown> {
    return this.modules.get<Queue<unknown>>(getQueueToken(name), { strict: false });
  }

  /** Whether Redis is connected. Commands that are sent while it is not wait until it is. */
  get isReachable(): boolean {
    return QUEUES.every((name) => this.get(name).client.status === 'ready');
  }

  /**
   * Adds a job to its queue. A job that is already there stays unchanged. Workers get the jobs in the order of their turns.
   */
  async add({ id, queue, kind, payload, turn }: RedisJob): Promise<void> {
    const age = Math.ceil(this.settings.jobTtlMs / 1000);
    const options: JobOptions = {
      ...DELIVERY_OPTIONS,
      jobId: id,
      // 1 comes first; 0 is no priority.
      priority: turn + 1,
      removeOnComplete: { age },
      removeOnFail: { age },
    };
    await this.get(queue).add(kind, payload, options);
  }

  /** Ids of all waiting, delayed and running jobs. */
  async findOpenIds(name: string): Promise<Set<string>> {
    const queue = this.get(name);
    const { client } = queue;
    const lists = await Promise.all([
      ...['wait', 'paused', 'active'].map((list) => client.lrange(queue.toKey(list), 0, -1)),
      client.zrange(queue.toKey('delayed'), 0, -1),
    ]);
    return new Set(lists.flat());
  }

  private logError(error: Error): void {
    if (this.clock.now() - this.loggedAtMs < ERROR_LOG_INTERVAL_MS) return;
    this.loggedAtMs = this.clock.now();
    this.logger.error(`Redis: ${error.message || String(error)}`);
  }
}
