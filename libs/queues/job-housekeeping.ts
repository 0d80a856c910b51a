import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';
import { messageOf } from './message-of';

const ROUND_MS = 60_000;

/** Fails jobs that have waited too long for anybody to do them, and forgets those that ended long ago. */
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
    this.timer = this.clock.every(ROUND_MS, () => this.start());
    this.start();
  }

  /** While it still has its connection. */
  async beforeApplicationShutdown(): Promise<void> {
    this.timer?.cancel();
    await this.running;
  }

  private start(): void {
    this.running = this.round();
  }

  private async round(): Promise<void> {
    await this.tidy().catch((error: unknown) =>
      this.logger.warn(`Old jobs stay for now: ${messageOf(error)}`),
    );
  }

  /** One round of it. */
  async tidy(): Promise<void> {
    const { jobTtlMs, planningTtlMs } = this.settings;
    const reason = 'JOB_EXPIRED: nobody began the job within FLEXMEASURES_JOB_TTL. Is there a worker?';
    await this.service.failWaiting(reason, { olderThanMs: jobTtlMs });
    if (planningTtlMs !== null) await this.jobs.deleteEnded(planningTtlMs);
  }
}
