import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Notifications } from '#lib/database';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';

/** Channel for notifications of new events between processes. */
export const CHANNEL = 'flexmeasures_events';

/**
 * All commits within this time share one notification. PostgreSQL serialises the commits of transactions that notify,
 * which would slow down saving.
 */
const COALESCE_MS = 100;

/** Wakes the readers of events in this process at once, and those in other processes soon. Readers also poll. */
@Injectable()
export class EventSignal implements BeforeApplicationShutdown {
  /** Identifies the notifications of this process. */
  readonly processId = randomUUID();
  private readonly logger = new Logger('Events');
  private readonly readers = new Set<() => void>();
  private timer: ClockTimer | undefined;
  private isStopped = false;

  constructor(
    private readonly notifications: Notifications,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Registers a reader of this process, which is called whenever there may be new events. */
  onWake(reader: () => void): void {
    this.readers.add(reader);
  }

  /** Call this after a transaction of this process has committed events. */
  raise(): void {
    this.wake();
    if (!this.isStopped) this.timer ??= this.clock.after(COALESCE_MS, () => void this.notify());
  }

  /** Wakes the readers of this process. */
  wake(): void {
    for (const reader of this.readers) reader();
  }

  /** Sends a pending notification, as short commands end before its time. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer) await this.notify();
  }

  private async notify(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    await this.notifications
      .notify(CHANNEL, this.processId)
      .catch((error: unknown) => this.logger.debug(`No notification was sent: ${String(error)}`));
  }
}
