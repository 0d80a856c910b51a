import { Injectable, Logger } from '@nestjs/common';
import { EventsRepository, type ReadEvents } from '../events.repository';
import type { Position } from '../position';
import { EventSubscriptions, type NoticeSubscription } from '../subscriptions';

/** Events read by one statement. */
const BATCH = 1_000;

/** Shows events to the subscriptions of this process, from its start on. */
@Injectable()
export class NoticeReader {
  private readonly logger = new Logger('Events');
  private position: Position | undefined;

  constructor(
    private readonly events: EventsRepository,
    private readonly subscriptions: EventSubscriptions,
  ) {}

  /** Begins with what is committed from now on. */
  async start(): Promise<void> {
    this.position = await this.events.now();
  }

  /** Shows all new events. @returns whether some are held back by a transaction that is still open */
  async readAll(): Promise<boolean> {
    const { notices } = this.subscriptions;
    const names = [...new Set(notices.flatMap(({ events }) => events))];
    for (;;) {
      this.position ??= await this.events.now();
      const found = await this.events.read(this.position, names, BATCH);
      for (const subscription of notices) await this.show(subscription, found);
      this.position = found.position;
      if (!found.hasMore) return found.isHeldBack;
    }
  }

  /** A subscription that fails is told that it missed something, and does not keep others from seeing it. */
  private async show(subscription: NoticeSubscription, { events, isGap }: ReadEvents): Promise<void> {
    const wanted = events.filter(({ name }) => subscription.events.includes(name));
    try {
      if (isGap) subscription.missed();
      if (wanted.length > 0) await subscription.handle(wanted);
    } catch (error) {
      this.logger.error(`A notice was not handled: ${error instanceof Error ? error.stack : String(error)}`);
      if (!isGap) subscription.missed();
    }
  }
}
