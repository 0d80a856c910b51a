import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Notifications } from '#lib/database';
import { CLOCK, type Clock, type ClockTimer } from '#lib/time';

/** Channel on which processes tell each other that there are new events. */
export const CHANNEL = 'flexmeasures_events';

/**
 * All commits within this time are told by one notification. PostgreSQL lets transactions that notify commit one after
 * the other, which saves would have to wait for.
 */
const COALESCE_MS = 100;

/** Wakes readers of events, here at once, and in other processes soon. They poll as well, so that this may fail. */
@Injectable()
export class EventSignal implements BeforeApplicationShutdown {
  /** Tells the notifications of this process from those of others. */
  readonly processId = randomUUID();
  private readonly logger = new Logger('Events');
  private readonly readers = new Set<() => void>();
  private timer: ClockTimer | undefined;
  private isStopped = false;

  constructor(
    private readonly notifications: Notifications,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Calls a reader of this process whenever there may be new events. */
  onWake(reader: () => void): void {
    this.readers.add(reader);
  }

  /** Says that a transaction of this process has committed events. */
  raise(): void {
    this.wake();
    if (!this.isStopped) this.timer ??= this.clock.after(COALESCE_MS, () => void this.notify());
  }

  /** Wakes the readers of this process. */
  wake(): void {
    for (const reader of this.readers) reader();
  }

  /** Short commands end before the time is over. */
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
