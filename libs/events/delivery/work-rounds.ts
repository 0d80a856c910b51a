import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, type SubscriptionState } from './deliveries.repository';
import { PollDelay } from './event-loop';
import type { WorkSubscription } from '../subscriptions';
import { WorkReader } from './work-reader';
import { WorkRunner } from './work-runner';

/** Creates the rounds that a process repeats for one subscription: each reads all new events and runs all due work. */
@Injectable()
export class WorkRounds {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly reader: WorkReader,
    private readonly runner: WorkRunner,
  ) {}

  /**
   * @param isStopping whether the round should end early
   * @returns one round; it resolves to the delay before the next one (ms)
   */
  create(subscription: WorkSubscription, isStopping: () => boolean): () => Promise<number> {
    const pollDelay = new PollDelay();
    return async () => {
      let state = await this.getState(subscription);
      if (state.isBehind) {
        const isHeldBack = await this.readAll(subscription, isStopping);
        state =
          isHeldBack === undefined
            ? await this.getState(subscription)
            : { ...state, isBehind: false, isHeldBack };
      }
      if (state.dueInMs <= 0) {
        while (!isStopping() && (await this.runner.runDue(subscription)));
        state = await this.getState(subscription);
      }
      return state.isBehind ? 0 : Math.min(pollDelay.next(state.isHeldBack), state.dueInMs);
    };
  }

  /** @returns whether an open transaction prevents events from being read; undefined if work was added */
  private async readAll(
    subscription: WorkSubscription,
    isStopping: () => boolean,
  ): Promise<boolean | undefined> {
    let isHeldBack: boolean | undefined = false;
    for (let hasMore = true; hasMore && !isStopping();) {
      const read = await this.reader.read(subscription);
      hasMore = read.hasMore;
      isHeldBack = isHeldBack === undefined ? undefined : read.isHeldBack;
    }
    return isHeldBack;
  }

  private async getState({ name }: WorkSubscription): Promise<SubscriptionState> {
    const state = await this.deliveries.findState(name);
    if (state) return state;
    await this.deliveries.register(name);
    return { isBehind: true, isHeldBack: false, dueInMs: Infinity };
  }
}
