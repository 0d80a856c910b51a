import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Notifications } from '#lib/database';

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
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly notifications: Notifications) {}

  /** Calls a reader of this process whenever there may be new events. */
  onWake(reader: () => void): void {
    this.readers.add(reader);
  }

  /** Says that a transaction of this process has committed events. */
  raise(): void {
    this.wake();
    if (!this.isStopped) this.timer ??= setTimeout(() => void this.notify(), COALESCE_MS).unref();
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
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.notifications
      .notify(CHANNEL, this.processId)
      .catch((error: unknown) => this.logger.debug(`No notification was sent: ${String(error)}`));
  }
}
