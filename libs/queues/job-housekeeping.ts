import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { JobsRepository } from './jobs.repository';
import { messageOf } from './message-of';

const ROUND_MS = 60_000;

/** Fails jobs that have waited too long for anybody to do them, and forgets those that ended long ago. */
@Injectable()
export class JobHousekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly jobs: JobsRepository,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'jobTtlMs' | 'planningTtlMs'>,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.round(), ROUND_MS).unref();
    void this.round();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
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
    await this.jobs.failWaiting(reason, { olderThanMs: jobTtlMs });
    if (planningTtlMs !== null) await this.jobs.deleteEnded(planningTtlMs);
  }
}
