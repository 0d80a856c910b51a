import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { errorMessage } from '#lib/errors';
import { CLOCK, PeriodicTask, type Clock } from '#lib/time';
import { JobsRepository } from '../jobs.repository';
import { BullWorker } from './bull-worker';
import { RedisQueues } from './redis-queues';

const INTERVAL_MS = 5000;
/** A job that was not started for this long may be missing in Redis. */
const GRACE_MS = 5000;
const MAX_JOBS_PER_ROUND = 200;

/**
 * Adds recorded jobs to their Bull queue if they are missing there: Redis was not available when they were recorded, lost
 * its data, or used up the delivery attempts.
 */
@Injectable()
export class JobReconciler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly task: PeriodicTask;

  constructor(
    private readonly jobs: JobsRepository,
    private readonly queues: RedisQueues,
    private readonly worker: BullWorker,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.task = new PeriodicTask(clock, INTERVAL_MS, () => this.reconcile());
  }

  onApplicationBootstrap(): void {
    this.task.start();
    this.task.startRound();
  }

  /** Does not wait for the running round: it may wait for a Redis that is down. */
  onApplicationShutdown(): void {
    void this.task.stop();
  }

  private async reconcile(): Promise<void> {
    try {
      for (const queue of this.worker.servedQueues) await this.addMissing(queue);
    } catch (error) {
      this.logger.warn(`The check for jobs that are missing in Redis failed: ${errorMessage(error)}`);
    }
  }

  private async addMissing(name: string): Promise<void> {
    const overdue = await this.jobs.findOverdue([name], GRACE_MS, MAX_JOBS_PER_ROUND);
    if (overdue.length === 0) return;
    const openIds = await this.queues.findOpenIds(name);
    for (const job of overdue.filter(({ id }) => !openIds.has(id))) {
      const ended = await this.queues.get(name).getJob(job.id);
      await ended?.remove();
      await this.queues.add(job);
    }
  }
}
