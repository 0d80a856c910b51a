import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Notifications } from '#lib/database';
import { errorMessage } from '#lib/errors';
import { CLOCK, type Clock } from '#lib/time';
import { EventLoop, PollDelay } from './event-loop';
import { CHANNEL, EventSignal } from '../event-signal';
import { EventsRepository } from '../events.repository';
import { NoticeReader } from './notice-reader';
import { EventSubscriptions } from '../subscriptions';
import { WorkRounds } from './work-rounds';

/** Delivers events to the subscriptions of this process. Each has its own loop, so that they do not block each other. */
@Injectable()
export class EventDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Events');
  private readonly loops: EventLoop[] = [];
  private isStopping = false;

  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly events: EventsRepository,
    private readonly workRounds: WorkRounds,
    private readonly noticeReader: NoticeReader,
    private readonly signal: EventSignal,
    private readonly notifications: Notifications,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { work, notices } = this.subscriptions;
    await this.prepare().catch((error: unknown) => this.logDelay('start', error));
    this.notifications.listen(CHANNEL, (notification) => this.signal.receive(notification));
    for (const subscription of work) {
      const round = this.workRounds.create(subscription, () => this.isStopping);
      this.startLoop(subscription.name, subscription.events, round);
    }
    const noticed = notices.flatMap(({ events }) => events);
    if (notices.length > 0) this.startLoop('notices', noticed, this.createNoticeRound());
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

  private createNoticeRound(): () => Promise<number> {
    const pollDelay = new PollDelay();
    return async () => pollDelay.next(await this.noticeReader.readAll());
  }

  private startLoop(name: string, events: readonly string[], round: () => Promise<number>): void {
    const loop = new EventLoop(round, (error) => this.logDelay(name, error), this.clock);
    this.loops.push(loop);
    this.signal.onWake(events, () => loop.wake());
    loop.wake();
  }

  private logDelay(what: string, error: unknown): void {
    this.logger.error(`Event delivery is delayed (${what}): ${errorMessage(error)}`);
  }
}
