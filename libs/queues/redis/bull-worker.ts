import { availableParallelism } from 'node:os';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Job as BullJob } from 'bull';
import { DomainError } from '#lib/errors';
import { JobHandlers } from '../job-handlers';
import { uuidOf } from '../job-id';
import { JobRunner } from '../job-runner';
import { JobsRepository, type ClaimedJob } from '../jobs.repository';
import { RedisQueues } from './redis-queues';

/** What a worker process was started for. */
export interface WorkerOptions {
  /** Queues to take jobs from; all that this process can serve when empty. */
  queues: string[];
  /** Name of the worker, for people who look at jobs. */
  name?: string;
}

/** Injection token of the worker's options. */
export const WORKER_OPTIONS = Symbol('WORKER_OPTIONS');

/** Jobs at once per queue: while some are calculated, others read and store. */
const CONCURRENCY = availableParallelism() + 2;

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Takes jobs from queues on Redis. The database decides who does a job and keeps how it ended; Redis brings it. */
@Injectable()
export class BullWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly queues: RedisQueues,
    private readonly handlers: JobHandlers,
    private readonly jobs: JobsRepository,
    private readonly runner: JobRunner,
    @Inject(WORKER_OPTIONS) private readonly options: WorkerOptions,
  ) {}

  /** The queues that jobs are taken from. */
  get served(): string[] {
    return this.options.queues.length > 0 ? this.options.queues : this.handlers.queues;
  }

  /** @throws DomainError QUEUE_NOT_SERVED when this process has no handler for a queue */
  onApplicationBootstrap(): void {
    if (this.options.name !== undefined) this.runner.worker = this.options.name;
    const unserved = this.served.find((queue) => !this.handlers.queues.includes(queue));
    if (unserved !== undefined) {
      throw new DomainError('QUEUE_NOT_SERVED', `Nothing here does jobs of queue ${unserved}.`, 'queue');
    }
    for (const name of this.served) {
      this.queues
        .get(name)
        .process('*', CONCURRENCY, (job) => this.take(job))
        .catch((error: unknown) => this.logger.error(`Queue ${name}: ${String(error)}`));
    }
  }

  /** Takes no more jobs, and ends when those begun are done: they still need the database and the solver. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.served.map((name) => this.queues.get(name).close()));
  }

  /**
   * Does a job that Redis has brought.
   * @returns its result
   * @throws Error for Redis to record; it brings the job again if the failure passes
   */
  private async take(job: BullJob<unknown>): Promise<unknown> {
    const id = idOf(job);
    const claimed = (await this.jobs.claimOne(id, this.runner.worker)) ?? (await this.adopt(job, id));
    if (!claimed) return this.leave(job, id);
    const outcome = await this.runner.run(claimed);
    switch (outcome.state) {
      case 'finished':
        return outcome.result;
      case 'lost':
        return null;
      case 'postponed':
        throw outcome.error;
      case 'failed':
        await job.discard();
        throw outcome.error;
    }
  }

  /** Records a job that somebody put on the queue directly. */
  private async adopt(job: BullJob<unknown>, id: string): Promise<ClaimedJob | undefined> {
    const { name: kind, data: payload } = job;
    const isNew = await this.jobs.insert({
      id,
      queue: job.queue.name,
      kind,
      payload,
      fingerprint: id,
      generation: 0,
    });
    return isNew ? this.jobs.claimOne(id, this.runner.worker) : undefined;
  }

  /** For a job that has ended, or that another worker does. */
  private async leave(job: BullJob<unknown>, id: string): Promise<unknown> {
    const known = await this.jobs.find(id);
    if (known?.state === 'finished') return known.result;
    if (known?.state === 'failed') {
      await job.discard();
      throw new Error(known.failureReason ?? 'The job failed.');
    }
    throw new Error('Another worker does this job.');
  }
}

function idOf(job: BullJob<unknown>): string {
  const id = String(job.id);
  return UUID.test(id) ? id : uuidOf('redis', job.queue.name, id, job.timestamp);
}
