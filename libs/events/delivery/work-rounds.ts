import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, type SubscriptionState } from './deliveries.repository';
import { HoldBack } from './event-loop';
import type { WorkSubscription } from '../subscriptions';
import { WorkReader } from './work-reader';
import { WorkRunner } from './work-runner';

/** What a process does for one subscription, again and again: takes in events, and does the work that is due. */
@Injectable()
export class WorkRounds {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly reader: WorkReader,
    private readonly runner: WorkRunner,
  ) {}

  /**
   * @param isStopping whether a round is to end early
   * @returns one round; it resolves to the milliseconds after which the next is wanted
   */
  of(subscription: WorkSubscription, isStopping: () => boolean): () => Promise<number> {
    const holdBack = new HoldBack();
    return async () => {
      let state = await this.stateOf(subscription);
      if (state.isBehind) {
        while (!isStopping() && (await this.reader.read(subscription)));
        state = await this.stateOf(subscription);
      }
      if (state.dueInMs <= 0) {
        while (!isStopping() && (await this.runner.runDue(subscription)));
        state = await this.stateOf(subscription);
      }
      return state.isBehind ? 0 : Math.min(holdBack.next(state.isHeldBack), state.dueInMs);
    };
  }

  private async stateOf({ name }: WorkSubscription): Promise<SubscriptionState> {
    const state = await this.deliveries.state(name);
    if (state) return state;
    await this.deliveries.register(name);
    return { isBehind: true, isHeldBack: false, dueInMs: Infinity };
  }
}
