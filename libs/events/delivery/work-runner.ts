import { Injectable, Logger } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { errorMessage } from '#lib/errors';
import { ActorContext } from '../actor';
import { DeliveriesRepository, type Delivery } from './deliveries.repository';
import type { WorkSubscription } from '../subscriptions';

/** Maximum number of items of work that a process runs at once for one subscription. */
const MAX_CONCURRENT = 4;

/** Time after which other processes can claim started work, unless it is still locked. */
const LEASE_MS = 10_000;

const MAX_DELAY_MS = 3_600_000;

/** Delay before the next attempt: 1, 2, 4, ... seconds, at most an hour. */
export const retryDelayMs = (attempts: number): number => Math.min(1000 * 2 ** (attempts - 1), MAX_DELAY_MS);

/** Runs the work of subscriptions. Failed work is recorded and tried again without a limit. */
@Injectable()
export class WorkRunner {
  private readonly logger = new Logger('Events');

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly transactions: Transactions,
    private readonly actors: ActorContext,
  ) {}

  /** Runs some of the due work. @returns whether there may be more */
  async runDue(subscription: WorkSubscription): Promise<boolean> {
    const claimed = await this.deliveries.claim(subscription.name, MAX_CONCURRENT, LEASE_MS);
    await Promise.all(claimed.map((delivery) => this.run(subscription, delivery)));
    return claimed.length === MAX_CONCURRENT;
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
      const reason = errorMessage(error);
      const stack = error instanceof Error ? error.stack : undefined;
      this.logger.error(
        `Work of subscription ${name} failed (attempt ${delivery.attempts}), next attempt in ${delayMs / 1000} s: ` +
          (stack ?? reason),
      );
      await this.deliveries.postpone(delivery, reason, delayMs);
    }
  }
}
