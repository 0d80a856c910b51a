import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { errorMessage } from '#lib/errors';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';
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
  private timer: ClockTimer | undefined;
  private isRunning = false;

  constructor(
    private readonly jobs: JobsRepository,
    private readonly queues: RedisQueues,
    private readonly worker: BullWorker,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = this.clock.every(INTERVAL_MS, () => void this.reconcile());
    void this.reconcile();
  }

  onApplicationShutdown(): void {
    this.timer?.cancel();
  }

  private async reconcile(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (const queue of this.worker.servedQueues) await this.addMissing(queue);
    } catch (error) {
      this.logger.warn(`The check for jobs that are missing in Redis failed: ${errorMessage(error)}`);
    } finally {
      this.isRunning = false;
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
