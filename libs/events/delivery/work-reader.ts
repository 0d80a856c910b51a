import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DeliveriesRepository, type WaitingWork } from './deliveries.repository';
import type { DomainEvent } from '../event-type';
import { EventsRepository } from '../events.repository';
import type { WorkSubscription } from '../subscriptions';

/** Events taken in by one transaction. */
const BATCH = 500;

/** Turns new events into work to be done, for one subscription, in one process at a time. */
@Injectable()
export class WorkReader {
  constructor(
    private readonly events: EventsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Takes in the next events of a subscription, unless another process does so now.
   * @returns whether there may be more that can be taken in at once
   */
  read(subscription: WorkSubscription): Promise<boolean> {
    const { name } = subscription;
    return this.transactions.run(async () => {
      const before = await this.deliveries.lockPosition(name);
      if (before === undefined) return false;
      const { events, position, hasMore } = await this.events.read(before, subscription.events, BATCH);
      const work = await this.merged(subscription, events);
      if (work.length > 0) await this.deliveries.add(name, work, subscription);
      await this.deliveries.movePosition(name, position);
      return hasMore;
    });
  }

  /** What the events ask for, together with what waits already; by key. */
  private async merged(
    { name, toWork, merge }: WorkSubscription,
    events: readonly DomainEvent[],
  ): Promise<WaitingWork[]> {
    const asked = events.flatMap((event) => toWork(event) ?? []);
    if (!merge || asked.length === 0) return asked;
    const waiting = await this.deliveries.lockWaiting(name, [...new Set(asked.map(({ key }) => key))]);
    const byKey = new Map(waiting.map(({ key, work }) => [key, work]));
    for (const { key, work } of asked) byKey.set(key, byKey.has(key) ? merge(byKey.get(key), work) : work);
    return Array.from(byKey, ([key, work]) => ({ key, work }));
  }
}
