import { availableParallelism } from 'node:os';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Job as BullJob } from 'bull';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { JobHandlers } from '../job-handlers';
import { hashToUuid } from '../job-id';
import { JobRunner } from '../job-runner';
import { JobsRepository, type ClaimedJob } from '../jobs.repository';
import { NO_ACCOUNT } from '../jobs.service';
import { RedisQueues } from './redis-queues';

/** Options of a worker process. */
export interface WorkerOptions {
  /** Queues to take jobs from. If empty, all queues for which this process has handlers. */
  queues: string[];
  /** Name of the worker, shown with its jobs. */
  name?: string;
}

/** Injection token of the worker options. */
export const WORKER_OPTIONS = Symbol('WORKER_OPTIONS');

/** Concurrent jobs per queue: while some compute, others read and store. */
const CONCURRENCY = availableParallelism() + 2;

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Takes jobs from queues on Redis. The database decides which worker runs a job and stores how it ended. */
@Injectable()
export class BullWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly queues: RedisQueues,
    private readonly handlers: JobHandlers,
    private readonly jobs: JobsRepository,
    private readonly runner: JobRunner,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'jobTtlMs'>,
    @Inject(WORKER_OPTIONS) private readonly options: WorkerOptions,
  ) {}

  /** The queues that this worker takes jobs from. */
  get servedQueues(): string[] {
    return this.options.queues.length > 0 ? this.options.queues : this.handlers.queues;
  }

  /** @throws DomainError QUEUE_NOT_SERVED if this process has no handler for a queue */
  onApplicationBootstrap(): void {
    if (this.options.name !== undefined) this.runner.worker = this.options.name;
    const unserved = this.servedQueues.find((queue) => !this.handlers.queues.includes(queue));
    if (unserved !== undefined) {
      throw new DomainError(
        'QUEUE_NOT_SERVED',
        `This worker has no handler for jobs of queue ${unserved}.`,
        'queue',
      );
    }
    for (const name of this.servedQueues) {
      this.queues
        .get(name)
        .process('*', CONCURRENCY, (job) => this.process(job))
        .catch((error: unknown) => this.logger.error(`Queue ${name}: ${String(error)}`));
    }
  }

  /** Takes no more jobs and waits for the running ones, which still need the database and the solver. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.servedQueues.map((name) => this.queues.get(name).close()));
  }

  /**
   * Runs a job that Redis delivered.
   * @returns the result of the job
   * @throws Error for Bull to record. Bull delivers the job again, unless it was discarded.
   */
  private async process(job: BullJob<unknown>): Promise<unknown> {
    const id = getJobId(job);
    const claimed =
      (await this.jobs.claimOne(id, this.runner.worker)) ?? (await this.recordAndClaim(job, id));
    if (!claimed) return this.resolveUnclaimed(job, id);
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

  /** Records a job that was added to the Bull queue directly, and claims it. */
  private async recordAndClaim(job: BullJob<unknown>, id: string): Promise<ClaimedJob | undefined> {
    const { name: kind, data: payload } = job;
    const turn = await this.jobs.insert(
      {
        ...{ id, queue: job.queue.name, kind, payload, fingerprint: id, generation: 0 },
        ...{ accountId: NO_ACCOUNT, userId: null, isLimited: false, mergeKey: null },
      },
      this.settings.jobTtlMs,
    );
    return turn !== undefined ? this.jobs.claimOne(id, this.runner.worker) : undefined;
  }

  /** Handles a job that has ended or that another worker runs. */
  private async resolveUnclaimed(job: BullJob<unknown>, id: string): Promise<unknown> {
    const known = await this.jobs.find(id);
    if (known?.state === 'finished') return known.result;
    if (known?.state === 'failed') {
      await job.discard();
      throw new Error(known.failureReason ?? 'The job failed.');
    }
    throw new Error('Another worker runs this job.');
  }
}

function getJobId(job: BullJob<unknown>): string {
  const id = String(job.id);
  return UUID.test(id) ? id : hashToUuid('redis', job.queue.name, id, job.timestamp);
}
