import { Injectable, Logger } from '@nestjs/common';
import { EventsRepository, type ReadEvents } from '../events.repository';
import type { Position } from '../position';
import { EventSubscriptions, type NoticeSubscription } from '../subscriptions';

/** Number of events per read statement. */
const BATCH = 1_000;

/** Delivers events to the notice subscriptions of this process, from its start on. */
@Injectable()
export class NoticeReader {
  private readonly logger = new Logger('Events');
  private position: Position | undefined;

  constructor(
    private readonly events: EventsRepository,
    private readonly subscriptions: EventSubscriptions,
  ) {}

  /** Starts with events that are committed from now on. */
  async start(): Promise<void> {
    this.position = await this.events.findCurrentPosition();
  }

  /** Delivers all new events. @returns whether an open transaction prevents events from being read */
  async readAll(): Promise<boolean> {
    const { notices } = this.subscriptions;
    const names = [...new Set(notices.flatMap(({ events }) => events))];
    for (;;) {
      this.position ??= await this.events.findCurrentPosition();
      const found = await this.events.read(this.position, names, BATCH);
      for (const subscription of notices) await this.deliver(subscription, found);
      this.position = found.position;
      for (const { onRead } of notices) onRead?.(found.position);
      if (!found.hasMore) return found.isHeldBack;
    }
  }

  /** If the handler of a subscription fails, its `onMissed` callback is called. Other subscriptions are not affected. */
  private async deliver(subscription: NoticeSubscription, { events, isGap }: ReadEvents): Promise<void> {
    const wanted = events.filter(({ name }) => subscription.events.includes(name));
    try {
      if (isGap) subscription.onMissed();
      if (wanted.length > 0) await subscription.handle(wanted);
    } catch (error) {
      this.logger.error(`A notice was not handled: ${error instanceof Error ? error.stack : String(error)}`);
      if (!isGap) subscription.onMissed();
    }
  }
}
