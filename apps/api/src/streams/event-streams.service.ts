import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Request, Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { EventSubscriptions, type DomainEvent, type Position } from '#lib/events';
import { CLOCK, PeriodicTask, SECOND_MS, type Clock } from '#lib/time';
import type { ApiUser } from '../http/auth/authentication/api-user';
import { CurrentUsers } from '../http/auth/authentication/current-users';
import { tooManyRequests } from '../http/errors/api-error';
import { LongResponses } from '../http/server/long-responses';
import { affectedBy, isMoving, RIGHTS_CHANGED } from './changed-rights';
import { EventReader } from './event-reader';
import { EventStream } from './event-stream';
import type { StreamFilter } from './readable-subjects';
import { SubjectLookup } from './subject-lookup.service';
import { TOLD } from './told-events';

const HEARTBEAT_MS = 15 * SECOND_MS;
/** Rights are looked up anew at every so many heartbeats: tokens expire, and somebody may change the database by hand. */
const BEATS_PER_LOOK = 4;
const RETRY_AFTER_S = 30;

/** How a client wants its stream. */
export interface StreamRequest {
  filter: StreamFilter | undefined;
  /** Position of the last event that the client has seen; undefined: it wants new events only. */
  after: Position | undefined;
  /** Whether the stream stays open after the events that have happened. */
  isFollowed: boolean;
}

/** Streams of events to clients. Events of all processes arrive as notices, in the order of their transactions. */
@Injectable()
export class EventStreams implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Events');
  private readonly streams = new Set<EventStream>();
  private readonly heartbeat: PeriodicTask;
  private beats = 0;
  private lookUps = 0;
  /** Up to where all events were handled here. */
  private position: Position | undefined;

  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly reader: EventReader,
    private readonly subjects: SubjectLookup,
    private readonly users: CurrentUsers,
    private readonly longResponses: LongResponses,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'maxEventStreamsPerUser'>,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.heartbeat = new PeriodicTask(clock, HEARTBEAT_MS, () => this.beat());
  }

  onModuleInit(): void {
    this.subscriptions.onNotice({
      events: [...TOLD, ...RIGHTS_CHANGED],
      handle: (events) => this.handle(events),
      // Clients resume, and read what was missed from the database.
      onMissed: () => this.endAll(),
      onRead: (position) => {
        this.position = position;
      },
    });
    this.heartbeat.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.heartbeat.stop();
  }

  /** Sends events until the client or the server closes the connection. @throws ApiError 429 if the user has too many streams */
  async open(
    request: Request & { user: ApiUser },
    response: Response,
    { filter, after, isFollowed }: StreamRequest,
  ): Promise<void> {
    this.checkNumber(request.user);
    const stream = new EventStream(request, response, filter);
    const remove = this.longResponses.add(() => stream.end());
    this.streams.add(stream);
    response.once('close', () => {
      remove();
      this.streams.delete(stream);
    });
    stream.begin();
    try {
      const position = await this.reader.catchUp(stream, after);
      stream.follow(position);
      stream.beat(position);
      if (!isFollowed) stream.end();
    } catch (error) {
      this.logger.warn(`A stream of events was cut off: ${errorMessage(error)}`);
      stream.end();
    }
  }

  private checkNumber({ id }: ApiUser): void {
    const { maxEventStreamsPerUser: maximum } = this.settings;
    if (maximum === null) return;
    const open = [...this.streams].filter(({ user }) => user.id === id).length;
    if (open < maximum) return;
    throw tooManyRequests(
      `You have ${open} streams of events open. Close one of them before you open another one.`,
      RETRY_AFTER_S,
    );
  }

  /** Sends events in their order, each with the rights that hold after those before it. */
  private async handle(events: readonly DomainEvent[]): Promise<void> {
    if (this.streams.size === 0) {
      this.subjects.forget();
      return;
    }
    for (const run of runsOf(events)) {
      const [first] = run;
      if (isMoving(first!)) this.subjects.forget();
      const affects = affectedBy(first!);
      if (affects) await this.lookUpUsers([...this.streams].filter(({ user }) => affects(user)));
      for (const event of await this.reader.prepare(run)) {
        for (const stream of this.streams) {
          const message = this.reader.messageFor(stream, event);
          if (message) stream.send(message);
        }
      }
    }
  }

  /** Ends the streams of users whose tokens or sessions have ended; the others get the rights of now. */
  private async lookUpUsers(streams: readonly EventStream[]): Promise<void> {
    const turn = ++this.lookUps;
    await Promise.all(
      streams.map(async (stream) => {
        // Rather no stream than one with rights that are unknown.
        const user = await this.users.find(stream.request).catch(() => undefined);
        if (user) stream.setUser(user, turn);
        else stream.end();
        if (!stream.isOpen) this.streams.delete(stream);
      }),
    );
  }

  private async beat(): Promise<void> {
    this.beats++;
    if (this.beats % BEATS_PER_LOOK === 0) await this.lookUpUsers([...this.streams]);
    const { position } = this;
    if (position !== undefined) for (const stream of this.streams) stream.beat(position);
  }

  private endAll(): void {
    this.subjects.forget();
    for (const stream of this.streams) stream.end();
  }
}

/** Splits events before each one that may change rights, so that those in a run can be handled with the same rights. */
function runsOf(events: readonly DomainEvent[]): DomainEvent[][] {
  const runs: DomainEvent[][] = [];
  for (const event of events) {
    const isFirst = runs.length === 0 || isMoving(event) || affectedBy(event) !== undefined;
    if (isFirst) runs.push([event]);
    else runs.at(-1)!.push(event);
  }
  return runs;
}
