import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { errorMessage } from '#lib/errors';
import { CLOCK, HOUR_MS, PeriodicTask, type Clock } from '#lib/time';
import { IdempotentRequests } from './idempotent-requests.service';

/** Deletes stored answers that have expired, each hour. */
@Injectable()
export class AnswerHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Idempotency');
  private readonly task: PeriodicTask;

  constructor(requests: IdempotentRequests, @Inject(CLOCK) clock: Clock) {
    this.task = new PeriodicTask(clock, HOUR_MS, () =>
      requests
        .deleteExpired()
        .catch((error: unknown) =>
          this.logger.warn(`Expired answers were not deleted: ${errorMessage(error)}`),
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
}
