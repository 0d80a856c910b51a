import { availableParallelism } from 'node:os';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { errorMessage } from '#lib/errors';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';
import { JobHandlers } from './job-handlers';
import { JobRunner } from './job-runner';
import { JobsRepository, type ClaimedJob } from './jobs.repository';
import { JobsService } from './jobs.service';

/** Maximum number of concurrent jobs. If there are several processors, one stays free for requests. */
const MAX_CONCURRENT_JOBS = Math.max(1, availableParallelism() - 1);

/** Interval for finding jobs that other processes recorded or abandoned, and postponed jobs. */
const POLL_MS = 1000;

/**
 * Runs jobs in the server process, so that no worker is needed. Jobs are taken from the database. This includes jobs that
 * a stopped process left there, and several processes share the jobs.
 */
@Injectable()
export class EmbeddedDriver implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly running = new Set<Promise<unknown>>();
  private timer: ClockTimer | undefined;
  private starting: Promise<void> | undefined;
  private isStartRequested = false;
  private isStopping = false;
  private isDatabaseDown = false;
  /** Queue of the last claimed job. */
  private lastQueue: string | undefined;

  constructor(
    private readonly service: JobsService,
    private readonly jobs: JobsRepository,
    private readonly handlers: JobHandlers,
    private readonly runner: JobRunner,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.service.setTransport({
      description:
        'No Redis is configured: this server runs the jobs itself. For several servers or many schedules, set ' +
        'FLEXMEASURES_REDIS_URL and start workers (flexmeasures jobs run-worker).',
      send: () => void this.startJobs(),
      clear: () => undefined,
      removeFailed: () => undefined,
    });
  }

  onApplicationBootstrap(): void {
    this.timer = this.clock.every(POLL_MS, () => void this.startJobs());
    void this.startJobs();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.timer?.cancel();
    await this.starting;
    await Promise.all(this.running);
  }

  /** Starts waiting jobs, up to the maximum number of concurrent jobs. */
  private startJobs(): Promise<void> {
    this.isStartRequested = true;
    this.starting ??= this.startWhileRequested();
    return this.starting;
  }

  private async startWhileRequested(): Promise<void> {
    try {
      while (this.isStartRequested) {
        this.isStartRequested = false;
        await this.claimAndStart();
      }
      this.isDatabaseDown = false;
    } catch (error) {
      if (!this.isDatabaseDown) this.logger.error(`Jobs cannot be started: ${errorMessage(error)}`);
      this.isDatabaseDown = true;
    } finally {
      this.starting = undefined;
    }
  }

  private async claimAndStart(): Promise<void> {
    while (!this.isStopping && this.running.size < MAX_CONCURRENT_JOBS) {
      const job = await this.claimNext();
      if (!job) return;
      this.track(this.runner.run(job));
    }
  }

  /** Claims a job of the next queue that has one. The queues take turns, so that none delays another. */
  private async claimNext(): Promise<ClaimedJob | undefined> {
    const { queues } = this.handlers;
    const next = this.lastQueue === undefined ? 0 : queues.indexOf(this.lastQueue) + 1;
    const job = await this.jobs.claimNext(
      [...queues.slice(next), ...queues.slice(0, next)],
      this.runner.worker,
    );
    if (job) this.lastQueue = job.queue;
    return job;
  }

  private track(work: Promise<unknown>): void {
    this.running.add(work);
    void work.finally(() => {
      this.running.delete(work);
      void this.startJobs();
    });
  }
}
