import { availableParallelism } from 'node:os';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';
import { JobHandlers } from './job-handlers';
import { JobRunner } from './job-runner';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';
import { messageOf } from './message-of';

/** Jobs done at once: a processor stays free for requests where there are several. */
const MOST_AT_ONCE = Math.max(1, availableParallelism() - 1);

/** How often to look for jobs that others have recorded, left, or postponed. */
const POLL_MS = 1000;

/**
 * Does jobs within the process that takes them in, so that a server alone suffices. Jobs are taken from the database:
 * those that a former process left there are done too, and several processes share them.
 */
@Injectable()
export class EmbeddedDriver implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly running = new Set<Promise<unknown>>();
  private timer: ClockTimer | undefined;
  private filling: Promise<void> | undefined;
  private isAskedAgain = false;
  private isStopping = false;
  private isDatabaseDown = false;

  constructor(
    private readonly service: JobsService,
    private readonly jobs: JobsRepository,
    private readonly handlers: JobHandlers,
    private readonly runner: JobRunner,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.service.useCarrier({
      description:
        'No Redis is configured: this server does the jobs itself. For several servers or many schedules, set ' +
        'FLEXMEASURES_REDIS_URL and start workers (flexmeasures jobs run-worker).',
      carry: () => void this.fill(),
      clear: () => undefined,
      forgetFailed: () => undefined,
    });
  }

  onApplicationBootstrap(): void {
    this.timer = this.clock.every(POLL_MS, () => void this.fill());
    void this.fill();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.timer?.cancel();
    await this.filling;
    await Promise.all(this.running);
  }

  /** Begins as many jobs as there is room for. */
  private fill(): Promise<void> {
    this.isAskedAgain = true;
    this.filling ??= this.beginWhatWaits();
    return this.filling;
  }

  private async beginWhatWaits(): Promise<void> {
    try {
      while (this.isAskedAgain) {
        this.isAskedAgain = false;
        await this.beginAll();
      }
      this.isDatabaseDown = false;
    } catch (error) {
      if (!this.isDatabaseDown) this.logger.error(`Jobs wait: ${messageOf(error)}`);
      this.isDatabaseDown = true;
    } finally {
      this.filling = undefined;
    }
  }

  private async beginAll(): Promise<void> {
    while (!this.isStopping && this.running.size < MOST_AT_ONCE) {
      const job = await this.jobs.claimNext(this.handlers.queues, this.runner.worker);
      if (!job) return;
      this.start(this.runner.run(job));
    }
  }

  private start(work: Promise<unknown>): void {
    this.running.add(work);
    void work.finally(() => {
      this.running.delete(work);
      void this.fill();
    });
  }
}
