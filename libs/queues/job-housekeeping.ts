import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';

const INTERVAL_MS = 60_000;

/** Fails jobs that were not started for too long, and deletes jobs that ended long ago. */
@Injectable()
export class JobHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private timer: ClockTimer | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly jobs: JobsRepository,
    private readonly service: JobsService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'jobTtlMs' | 'planningTtlMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = this.clock.every(INTERVAL_MS, () => this.start());
    this.start();
  }

  /** Waits for the running round while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    this.timer?.cancel();
    await this.running;
  }

  private start(): void {
    this.running = this.runRound();
  }

  private async runRound(): Promise<void> {
    await this.cleanUp().catch((error: unknown) =>
      this.logger.warn(`Old jobs were not cleaned up: ${errorMessage(error)}`),
    );
  }

  /** Runs one round. */
  async cleanUp(): Promise<void> {
    const { jobTtlMs, planningTtlMs } = this.settings;
    const reason = 'JOB_EXPIRED: no worker started the job within FLEXMEASURES_JOB_TTL. Is a worker running?';
    await this.service.failWaiting(reason, { olderThanMs: jobTtlMs });
    if (planningTtlMs !== null) await this.jobs.deleteEnded(planningTtlMs);
  }
}
