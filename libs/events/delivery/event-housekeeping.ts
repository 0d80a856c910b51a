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

const ROUND_MS = 60_000;
/** Events deleted by one statement. */
const BATCH = 5_000;

/** Deletes events that all have seen, after a time in which readers could resume. */
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
    this.timer = this.clock.every(ROUND_MS, () => this.round());
  }

  /** While it still has its connection. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  /** Deletes what is old by now, batch by batch. */
  async tidy(batch = BATCH): Promise<void> {
    // Whoever subscribes here and has seen nothing yet keeps all.
    for (const { name } of this.subscriptions.work) await this.deliveries.register(name);
    while (!this.isStopped && (await this.events.deleteOld(this.settings.eventRetentionMs, batch)));
  }

  private round(): void {
    this.running ??= this.tidy()
      .catch((error: unknown) => this.logger.warn(`Old events stay for now: ${String(error)}`))
      .finally(() => {
        this.running = undefined;
      });
  }
}
