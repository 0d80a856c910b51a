import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Notifications } from '#lib/database';
import { DeliveriesRepository } from './deliveries.repository';
import { EventLoop, PollDelay, POLL_MS } from './event-loop';
import { CHANNEL, EventSignal } from './event-signal';
import { EventsRepository } from './events.repository';
import { NoticeReader } from './notice-reader';
import { EventSubscriptions, type WorkSubscription } from './subscriptions';
import { WorkReader } from './work-reader';
import { WorkRunner } from './work-runner';

/** Delivers events to the subscriptions of this process. Each has its own loop, so that they do not block each other. */
@Injectable()
export class EventDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Events');
  private readonly loops: EventLoop[] = [];
  private isStopping = false;

  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly events: EventsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly workReader: WorkReader,
    private readonly workRunner: WorkRunner,
    private readonly noticeReader: NoticeReader,
    private readonly signal: EventSignal,
    private readonly notifications: Notifications,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { work, notices } = this.subscriptions;
    await this.prepare().catch((error: unknown) => this.logDelay('start', error));
    this.notifications.listen(CHANNEL, (sender) => {
      if (sender !== this.signal.processId) this.signal.wake();
    });
    for (const subscription of work) this.startLoop(subscription.name, this.createWorkRound(subscription));
    if (notices.length > 0) this.startLoop('notices', this.createNoticeRound());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** A failure is not fatal: the loops do the same later. */
  private async prepare(): Promise<void> {
    await this.events.renumberForeign();
    await this.noticeReader.start();
  }

  private logDelay(what: string, error: unknown): void {
    this.logger.error(
      `Event delivery is delayed (${what}): ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  private startLoop(name: string, round: () => Promise<number>): void {
    const loop = new EventLoop(round, (error) => this.logDelay(name, error));
    this.loops.push(loop);
    this.signal.onWake(() => loop.wake());
    loop.wake();
  }

  /** Each round reads all new events and runs all due work. */
  private createWorkRound(subscription: WorkSubscription): () => Promise<number> {
    const holdBack = new PollDelay();
    return async () => {
      while (!this.isStopping) {
        const state = await this.deliveries.findState(subscription.name);
        if (!state) {
          await this.deliveries.register(subscription.name);
          continue;
        }
        if (state.isBehind && (await this.workReader.read(subscription))) continue;
        if (state.dueInMs <= 0) {
          if ((await this.workRunner.runDue(subscription)) > 0) continue;
          return POLL_MS;
        }
        return Math.min(holdBack.next(state.isHeldBack), state.dueInMs);
      }
      return POLL_MS;
    };
  }

  private createNoticeRound(): () => Promise<number> {
    const holdBack = new PollDelay();
    return async () => holdBack.next(await this.noticeReader.readAll());
  }
}
