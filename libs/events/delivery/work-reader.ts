import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DeliveriesRepository, type PendingWork } from './deliveries.repository';
import type { DomainEvent } from '../event-type';
import { EventsRepository } from '../events.repository';
import type { WorkSubscription } from '../subscriptions';

/** Number of events per transaction. */
const BATCH = 500;

/** Result of reading events. */
interface ReadRound {
  hasMore: boolean;
  /** Whether an open transaction prevents events from being read; only if no work was added. */
  isHeldBack?: boolean;
}

/** Reads new events and stores the resulting work. Only one process at a time does this for a subscription. */
@Injectable()
export class WorkReader {
  constructor(
    private readonly events: EventsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Reads the next events of a subscription, unless another process reads them now.
   * @returns whether there may be more that can be read at once, and what is known about the subscription afterwards
   */
  read(subscription: WorkSubscription): Promise<ReadRound> {
    const { name } = subscription;
    return this.transactions.run(async () => {
      const before = await this.deliveries.lockPosition(name);
      if (before === undefined) return { hasMore: false };
      const { events, position, hasMore, isHeldBack } = await this.events.read(
        before,
        subscription.events,
        BATCH,
      );
      const work = await this.mergeWork(subscription, events);
      if (work.length > 0) await this.deliveries.add(name, work, subscription);
      await this.deliveries.movePosition(name, position);
      return { hasMore, isHeldBack: work.length > 0 ? undefined : isHeldBack };
    });
  }

  /** The work for the events, merged with waiting work of the same keys. */
  private async mergeWork(
    { name, toWork, merge }: WorkSubscription,
    events: readonly DomainEvent[],
  ): Promise<PendingWork[]> {
    const asked = events.flatMap((event) => toWork(event) ?? []);
    if (!merge || asked.length === 0) return asked;
    const waiting = await this.deliveries.lockPending(name, [...new Set(asked.map(({ key }) => key))]);
    const byKey = new Map(waiting.map(({ key, work }) => [key, work]));
    for (const { key, work } of asked) byKey.set(key, byKey.has(key) ? merge(byKey.get(key), work) : work);
    return Array.from(byKey, ([key, work]) => ({ key, work }));
  }
}
