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

/** A reader of events with some names. */
interface Reader {
  names: ReadonlySet<string>;
  wake: () => void;
}

/**
 * Wakes the readers of events in this process at once, and those in other processes soon. Only readers of these events are
 * woken. Readers also poll.
 */
@Injectable()
export class EventSignal implements BeforeApplicationShutdown {
  /** Identifies the notifications of this process. */
  private readonly processId = randomUUID();
  private readonly logger = new Logger('Events');
  private readonly readers: Reader[] = [];
  /** Names of the events of which other processes have not been notified. */
  private readonly pending = new Set<string>();
  private timer: ClockTimer | undefined;
  private isStopped = false;

  constructor(
    private readonly notifications: Notifications,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Registers a reader of this process, which is called whenever there may be new events with these names. */
  onWake(names: readonly string[], wake: () => void): void {
    this.readers.push({ names: new Set(names), wake });
  }

  /** Call this after a transaction of this process has committed events with these names. */
  raise(names: readonly string[]): void {
    this.wake(names);
    for (const name of names) this.pending.add(name);
    if (!this.isStopped) this.timer ??= this.clock.after(COALESCE_MS, () => void this.notify());
  }

  /**
   * Wakes the readers of this process after a notification; without one, all readers, because notifications may have been
   * missed.
   */
  receive(notification?: string): void {
    if (notification === undefined) {
      for (const reader of this.readers) reader.wake();
      return;
    }
    const [processId, ...names] = notification.split(' ');
    if (processId !== this.processId) this.wake(names);
  }

  private wake(names: readonly string[]): void {
    for (const reader of this.readers) if (names.some((name) => reader.names.has(name))) reader.wake();
  }

  /** Sends a pending notification, as short commands end before its time. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer) await this.notify();
  }

  private async notify(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    const names = [...this.pending];
    this.pending.clear();
    await this.notifications
      .notify(CHANNEL, [this.processId, ...names].join(' '))
      .catch((error: unknown) => this.logger.debug(`No notification was sent: ${String(error)}`));
  }
}
