import { Inject, Injectable, Logger } from '@nestjs/common';
import { settleWithin } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { errorMessage } from '#lib/errors';
import { ActorContext } from '../actor';
import { DeliveriesRepository, type Delivery } from './deliveries.repository';
import type { WorkSubscription } from '../subscriptions';

/** Maximum number of items of work that a process runs at once for one subscription. */
const MAX_CONCURRENT = 4;

/** Maximum number of events that a subscription for batches handles in one transaction. */
const MAX_BATCH = 100;

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
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'eventHandlerTimeoutMs'>,
  ) {}

  /** Runs some of the due work. @returns whether there may be more */
  async runDue(subscription: WorkSubscription): Promise<boolean> {
    const limit = subscription.handleBatch ? MAX_BATCH : MAX_CONCURRENT;
    const claimed = await this.deliveries.claim(subscription.name, limit, LEASE_MS);
    const isDone = claimed.length > 1 && (await this.runBatch(subscription, claimed));
    if (!isDone) await this.runEach(subscription, claimed);
    return claimed.length === limit;
  }

  /** Runs work in one transaction, if the subscription is for batches. @returns false if it has to be run one by one */
  private async runBatch(
    { name, handleBatch }: WorkSubscription,
    claimed: readonly Delivery[],
  ): Promise<boolean> {
    if (!handleBatch) return false;
    try {
      await this.transactions.run(async () => {
        const locked = await this.deliveries.lockAll(claimed, this.settings.eventHandlerTimeoutMs);
        if (locked.length === 0) return;
        await this.handle(name, () => handleBatch(locked.map(({ work }) => work)));
        await this.deliveries.finishAll(locked);
      });
      return true;
    } catch {
      // One by one, only what fails is tried again later, with its reason.
      return false;
    }
  }

  private async runEach(subscription: WorkSubscription, claimed: readonly Delivery[]): Promise<void> {
    for (let start = 0; start < claimed.length; start += MAX_CONCURRENT) {
      const some = claimed.slice(start, start + MAX_CONCURRENT);
      await Promise.all(some.map((delivery) => this.run(subscription, delivery)));
    }
  }

  private async run({ name, handle }: WorkSubscription, delivery: Delivery): Promise<void> {
    try {
      await this.transactions.run(async () => {
        if (!(await this.deliveries.lock(delivery, this.settings.eventHandlerTimeoutMs))) return;
        await this.handle(name, () => handle(delivery.work));
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

  /** Runs a handler for a limited time: its transaction delays the reading of all events. @throws RangeError after that */
  private handle(name: string, handler: () => Promise<void>): Promise<void> {
    const limitMs = this.settings.eventHandlerTimeoutMs;
    const late = `The handler did not end within ${limitMs / 1000} s (FLEXMEASURES_EVENT_HANDLER_TIMEOUT).`;
    return this.actors.run({ subscription: name }, () => settleWithin(limitMs, handler, late));
  }
}
