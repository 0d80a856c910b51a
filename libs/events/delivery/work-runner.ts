import { Injectable, Logger } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { ActorContext } from '../actor';
import { DeliveriesRepository, type Delivery } from './deliveries.repository';
import type { WorkSubscription } from '../subscriptions';

/** Pieces of work of one subscription that a process does at once. */
const AT_ONCE = 4;

/** How long begun work is left alone: whoever began it has died if nobody holds it by then. */
const LEASE_MS = 10_000;

const LONGEST_DELAY_MS = 3_600_000;

/** How long to wait before the next attempt: 1, 2, 4, ... seconds, at most an hour. */
export const retryDelayMs = (attempts: number): number =>
  Math.min(1000 * 2 ** (attempts - 1), LONGEST_DELAY_MS);

/** Does the work of subscriptions. Work that fails is recorded, and tried again for as long as it takes. */
@Injectable()
export class WorkRunner {
  private readonly logger = new Logger('Events');

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly transactions: Transactions,
    private readonly actors: ActorContext,
  ) {}

  /** Does some of the work that is due. @returns whether there may be more */
  async runDue(subscription: WorkSubscription): Promise<boolean> {
    const claimed = await this.deliveries.claim(subscription.name, AT_ONCE, LEASE_MS);
    await Promise.all(claimed.map((delivery) => this.run(subscription, delivery)));
    return claimed.length === AT_ONCE;
  }

  private async run({ name, handle }: WorkSubscription, delivery: Delivery): Promise<void> {
    try {
      await this.transactions.run(async () => {
        if (!(await this.deliveries.lock(delivery))) return;
        await this.actors.run({ subscription: name }, () => handle(delivery.work));
        await this.deliveries.finish(delivery);
      });
    } catch (error) {
      const delayMs = retryDelayMs(delivery.attempts);
      const reason = error instanceof Error ? error.message : String(error);
      const stack = error instanceof Error ? error.stack : undefined;
      this.logger.error(
        `Work of subscription ${name} failed (attempt ${delivery.attempts}), next try in ${delayMs / 1000} s: ` +
          (stack ?? reason),
      );
      await this.deliveries.postpone(delivery, reason, delayMs);
    }
  }
}
