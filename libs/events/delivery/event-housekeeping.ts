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
import { DeliveriesRepository } from './deliveries.repository';
import { EventsRepository } from '../events.repository';
import { EventSubscriptions } from '../subscriptions';

const INTERVAL_MS = 60_000;
/** Number of events per delete statement. */
const BATCH = 5_000;

/** Deletes events that all subscriptions have read, after the retention time. */
@Injectable()
export class EventHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Events');
  private readonly task: PeriodicTask;

  constructor(
    private readonly events: EventsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly subscriptions: EventSubscriptions,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'eventRetentionMs'>,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.task = new PeriodicTask(clock, INTERVAL_MS, () =>
      this.cleanUp().catch((error: unknown) =>
        this.logger.warn(`Old events were not deleted: ${errorMessage(error)}`),
      ),
    );
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  /** Waits for the running round while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.task.stop();
  }

  /** Deletes old events in batches. */
  async cleanUp(batch = BATCH): Promise<void> {
    // Registers the subscriptions of this process first, so that events they have not read are kept.
    for (const { name } of this.subscriptions.work) await this.deliveries.register(name);
    let deleted = batch;
    while (!this.task.isStopping && deleted === batch)
      deleted = await this.events.deleteOld(this.settings.eventRetentionMs, batch);
  }
}
