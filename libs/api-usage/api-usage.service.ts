import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { errorMessage } from '#lib/errors';
import { CLOCK, MINUTE_MS, PeriodicTask, type Clock } from '#lib/time';
import { ApiUsageRepository, type CountedUse, type ListedUse } from './api-usage.repository';

/** Counts requests to deprecated versions of the API. */
@Injectable()
export class ApiUsageService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('ApiUsage');
  private readonly task: PeriodicTask;
  private counts = new Map<string, CountedUse>();

  constructor(
    private readonly usage: ApiUsageRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.task = new PeriodicTask(clock, MINUTE_MS, () => this.save());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.task.stop();
    await this.save();
  }

  /** Counts a request. The count is stored within a minute. */
  count(version: string, userId: number): void {
    const key = `${version} ${userId}`;
    const requests = (this.counts.get(key)?.requests ?? 0) + 1;
    this.counts.set(key, { version, userId, requests, lastUsedAt: new Date(this.clock.now()) });
  }

  /** All stored counts, by version, the latest use first. */
  list(): Promise<ListedUse[]> {
    return this.usage.list();
  }

  private async save(): Promise<void> {
    if (this.counts.size === 0) return;
    const uses = [...this.counts.values()];
    this.counts = new Map();
    await this.usage.add(uses).catch((error: unknown) => {
      this.logger.warn(`The use of deprecated versions was not recorded: ${errorMessage(error)}`);
    });
  }
}
