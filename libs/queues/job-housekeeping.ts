import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { CLOCK, PeriodicTask, type Clock } from '#lib/time';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';

const INTERVAL_MS = 60_000;

/** Fails waiting jobs whose deadline has passed, and deletes jobs that ended long ago. */
@Injectable()
export class JobHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly task: PeriodicTask;

  constructor(
    private readonly jobs: JobsRepository,
    private readonly service: JobsService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'planningTtlMs'>,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.task = new PeriodicTask(clock, INTERVAL_MS, () =>
      this.cleanUp().catch((error: unknown) =>
        this.logger.warn(`Old jobs were not cleaned up: ${errorMessage(error)}`),
      ),
    );
  }

  onApplicationBootstrap(): void {
    this.task.start();
    this.task.startRound();
  }

  /** Waits for the running round while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.task.stop();
  }

  /** Runs one round. */
  async cleanUp(): Promise<void> {
    const { planningTtlMs } = this.settings;
    await this.service.failExpired();
    if (planningTtlMs !== null) await this.jobs.deleteEnded(planningTtlMs);
  }
}
