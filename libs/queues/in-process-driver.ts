import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DomainError } from '#lib/errors';
import { JobHandlers } from './job-handlers';
import type { Job } from './job.entity';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';
import { QUEUES } from './model';

/**
 * Does jobs within the process that takes them in, one after the other, so that a server alone suffices. Jobs that a
 * former process left queued are done at the start.
 */
@Injectable()
export class InProcessDriver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private draining: Promise<void> | undefined;
  private arrivedMeanwhile = false;
  private isStopping = false;

  constructor(
    private readonly service: JobsService,
    private readonly jobs: JobsRepository,
    private readonly handlers: JobHandlers,
  ) {}

  onApplicationBootstrap(): void {
    this.service.arrivals.subscribe(() => this.wake());
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.draining;
  }

  private wake(): void {
    this.arrivedMeanwhile = true;
    this.draining ??= this.drain()
      .catch((error: unknown) => this.logger.error(error instanceof Error ? error.stack : String(error)))
      .finally(() => (this.draining = undefined));
  }

  private async drain(): Promise<void> {
    while (this.arrivedMeanwhile) {
      this.arrivedMeanwhile = false;
      for (let job = await this.next(); job; job = await this.next()) await this.run(job);
    }
  }

  private async next(): Promise<Job | null> {
    return this.isStopping ? null : this.jobs.claim(QUEUES);
  }

  private async run({ id, kind, payload }: Job): Promise<void> {
    try {
      await this.jobs.finish(id, await this.handlers.run(kind, payload));
    } catch (error) {
      if (!(error instanceof DomainError)) {
        this.logger.error(
          `Job ${id} (${kind}) failed: ${error instanceof Error ? error.stack : String(error)}`,
        );
      }
      await this.jobs.fail(id, reasonOf(error));
    }
  }
}

/** What a user may know of a failure. */
function reasonOf(error: unknown): string {
  return error instanceof DomainError
    ? `${error.code}: ${error.message}`
    : 'INTERNAL_ERROR: the job could not be done.';
}
