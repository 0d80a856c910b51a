import { getQueueToken } from '@nestjs/bull';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { JobOptions, Queue } from 'bull';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import type { NewJob } from '../jobs.repository';
import { QUEUES } from '../model';

/** Deliveries of one job; each comes twice as late as the one before. What is lost after them is brought anew. */
const DELIVERIES = { attempts: 10, backoff: { type: 'exponential', delay: 1000 } };

/** Redis being away is said once in a while. */
const SAY_AGAIN_MS = 60_000;

/** What of a job goes through Redis. */
export type CarriedJob = Pick<NewJob, 'id' | 'queue' | 'kind' | 'payload'>;

/** The queues on Redis, by name. */
@Injectable()
export class RedisQueues implements OnModuleInit {
  private readonly logger = new Logger('Jobs');
  private saidAtMs = -Infinity;

  constructor(
    private readonly modules: ModuleRef,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'jobTtlMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    for (const name of QUEUES) this.get(name).on('error', (error) => this.sayOnce(error));
  }

  get(name: string): Queue<unknown> {
    return this.modules.get<Queue<unknown>>(getQueueToken(name), { strict: false });
  }

  /** Whether Redis answers now; what is asked of it while it does not waits until it is back. */
  get isReachable(): boolean {
    return QUEUES.every((name) => this.get(name).client.status === 'ready');
  }

  /** Puts a job on its queue; one that is there already stays as it is. */
  async add({ id, queue, kind, payload }: CarriedJob): Promise<void> {
    const age = Math.ceil(this.settings.jobTtlMs / 1000);
    const options: JobOptions = {
      ...DELIVERIES,
      jobId: id,
      removeOnComplete: { age },
      removeOnFail: { age },
    };
    await this.get(queue).add(kind, payload, options);
  }

  /** Ids of all jobs that are waiting, delayed or being done. */
  async openIds(name: string): Promise<Set<string>> {
    const queue = this.get(name);
    const { client } = queue;
    const lists = await Promise.all([
      ...['wait', 'paused', 'active'].map((list) => client.lrange(queue.toKey(list), 0, -1)),
      client.zrange(queue.toKey('delayed'), 0, -1),
    ]);
    return new Set(lists.flat());
  }

  private sayOnce(error: Error): void {
    if (this.clock.now() - this.saidAtMs < SAY_AGAIN_MS) return;
    this.saidAtMs = this.clock.now();
    this.logger.error(`Redis: ${error.message || String(error)}`);
  }
}
