import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';
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
  private timer: ClockTimer | undefined;
  private running: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly events: EventsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly subscriptions: EventSubscriptions,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'eventRetentionMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = this.clock.every(INTERVAL_MS, () => this.startRound());
  }

  /** Waits for the running round while the database is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  /** Deletes old events in batches. */
  async cleanUp(batch = BATCH): Promise<void> {
    // Registers the subscriptions of this process first, so that events they have not read are kept.
    for (const { name } of this.subscriptions.work) await this.deliveries.register(name);
    while (!this.isStopped && (await this.events.deleteOld(this.settings.eventRetentionMs, batch)));
  }

  private startRound(): void {
    this.running ??= this.cleanUp()
      .catch((error: unknown) => this.logger.warn(`Old events were not deleted: ${String(error)}`))
      .finally(() => {
        this.running = undefined;
      });
  }
}
