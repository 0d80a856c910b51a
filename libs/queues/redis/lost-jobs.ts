import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';
import { JobsRepository } from '../jobs.repository';
import { BullWorker } from './bull-worker';
import { RedisQueues } from './redis-queues';
import { messageOf } from '../message-of';

const ROUND_MS = 5000;
/** A job that nobody has begun for so long may be lost. */
const GRACE_MS = 5000;
const MOST_PER_ROUND = 200;

/**
 * Puts jobs on their queue that should be there and are not: recorded while Redis was away, lost with its memory, or
 * given up by it.
 */
@Injectable()
export class LostJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private timer: ClockTimer | undefined;
  private isLooking = false;

  constructor(
    private readonly jobs: JobsRepository,
    private readonly queues: RedisQueues,
    private readonly worker: BullWorker,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = this.clock.every(ROUND_MS, () => void this.round());
    void this.round();
  }

  onApplicationShutdown(): void {
    this.timer?.cancel();
  }

  private async round(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      for (const queue of this.worker.served) await this.bringBack(queue);
    } catch (error) {
      this.logger.warn(`Lost jobs were not looked for: ${messageOf(error)}`);
    } finally {
      this.isLooking = false;
    }
  }

  private async bringBack(name: string): Promise<void> {
    const overdue = await this.jobs.overdue([name], GRACE_MS, MOST_PER_ROUND);
    if (overdue.length === 0) return;
    const there = await this.queues.openIds(name);
    for (const job of overdue.filter(({ id }) => !there.has(id))) {
      const ended = await this.queues.get(name).getJob(job.id);
      await ended?.remove();
      await this.queues.add(job);
    }
  }
}
