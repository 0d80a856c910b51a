import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Notifications } from '#lib/database';
import { CLOCK, type Clock } from '#lib/time';
import { DeliveriesRepository } from './deliveries.repository';
import { EventLoop, HoldBack, POLL_MS } from './event-loop';
import { CHANNEL, EventSignal } from './event-signal';
import { EventsRepository } from './events.repository';
import { NoticeReader } from './notice-reader';
import { EventSubscriptions, type WorkSubscription } from './subscriptions';
import { WorkReader } from './work-reader';
import { WorkRunner } from './work-runner';

/** Delivers events to the subscriptions of this process, each in a loop of its own, so that none waits for another. */
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
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { work, notices } = this.subscriptions;
    await this.prepare().catch((error: unknown) => this.sayWaiting('start', error));
    this.notifications.listen(CHANNEL, (sender) => {
      if (sender !== this.signal.processId) this.signal.wake();
    });
    for (const subscription of work) this.startLoop(subscription.name, this.workRounds(subscription));
    if (notices.length > 0) this.startLoop('notices', this.noticeRounds());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** What of it fails is made up for by the loops. */
  private async prepare(): Promise<void> {
    await this.events.adoptForeign();
    await this.noticeReader.start();
  }

  private sayWaiting(what: string, error: unknown): void {
    this.logger.error(`Events wait (${what}): ${error instanceof Error ? error.message : String(error)}`);
  }

  private startLoop(name: string, round: () => Promise<number>): void {
    const loop = new EventLoop(round, (error) => this.sayWaiting(name, error), this.clock);
    this.loops.push(loop);
    this.signal.onWake(() => loop.wake());
    loop.wake();
  }

  /** Each round takes in all new events and does all work that is due. */
  private workRounds(subscription: WorkSubscription): () => Promise<number> {
    const holdBack = new HoldBack();
    return async () => {
      while (!this.isStopping) {
        const state = await this.deliveries.state(subscription.name);
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

  private noticeRounds(): () => Promise<number> {
    const holdBack = new HoldBack();
    return async () => holdBack.next(await this.noticeReader.readAll());
  }
}
