import { Injectable } from '@nestjs/common';
import type { DomainEvent, EventType } from './event-type';
import type { Position } from './position';

/** A subscription that handles each event once, in one of the processes. */
export interface EachSubscription<Payload> {
  /** Unique name for the stored progress. A new name starts with the oldest event that is still stored. */
  name: string;
  events: readonly EventType<Payload>[];
  /** Runs in a transaction; see WorkSubscription. */
  handle: (event: DomainEvent<Payload>) => Promise<void>;
}

/**
 * As EachSubscription, but events are handled many at a time, in one transaction. If that fails, each is handled alone. The
 * commit does not wait for the disk, so all effects must be in the database: if it loses them in a crash, the events are
 * handled again.
 */
export interface BatchSubscription<Payload> {
  name: string;
  events: readonly EventType<Payload>[];
  /** Whether an event needs work. */
  needsWork: (event: DomainEvent<Payload>) => boolean;
  /** Runs in a transaction; see WorkSubscription. */
  handle: (events: readonly DomainEvent<Payload>[]) => Promise<void>;
}

/** As EachSubscription, but events that follow each other closely are merged and handled together. */
export interface MergedSubscription<Payload, Work> {
  name: string;
  events: readonly EventType<Payload>[];
  /** The work for an event and the key for merging; undefined if the event needs no work. */
  toWork: (event: DomainEvent<Payload>) => { key: string; work: Work } | undefined;
  /** Merges earlier and later work with the same key. Work is JSON. */
  merge: (before: Work, after: Work) => Work;
  /** Work starts after this time without new events for its key (ms) ... */
  debounceMs: number;
  /** ... but at the latest this long after its first event (ms). */
  maxWaitMs: number;
  /** Runs in a transaction; see WorkSubscription. */
  handle: (work: Work) => Promise<void>;
}

/** Common form of all kinds of work subscriptions. */
export interface WorkSubscription {
  name: string;
  events: readonly string[];
  toWork: (event: DomainEvent) => { key: string; work: unknown } | undefined;
  merge?: (before: unknown, after: unknown) => unknown;
  debounceMs: number;
  maxWaitMs: number;
  /**
   * Does the work, in the transaction that marks it as done. Its database writes therefore happen once; other effects may
   * happen again, because a failed handler is tried again with increasing delays. An open transaction blocks the delivery of
   * all events: a handler that takes longer than some milliseconds must queue a job instead. One that does not end within
   * FLEXMEASURES_EVENT_HANDLER_TIMEOUT has failed.
   */
  handle: (work: unknown) => Promise<void>;
  /** As `handle`, for many at a time; see BatchSubscription. */
  handleBatch?: (works: readonly unknown[]) => Promise<void>;
}

/** A subscription of every process: it sees each event once, in order. For caches and for streams to clients. */
export interface NoticeSubscription {
  events: readonly string[];
  handle: (events: readonly DomainEvent[]) => Promise<void> | void;
  /** Called if events were deleted before this process read them, or if a handler failed: reset all state. */
  onMissed: () => void;
  /** Called when all events up to a position were handled, also if none had one of these names. */
  onRead?: (position: Position) => void;
}

/** The event subscriptions of this process. Domains subscribe when their modules start. */
@Injectable()
export class EventSubscriptions {
  readonly work: WorkSubscription[] = [];
  readonly notices: NoticeSubscription[] = [];

  /** @throws Error if a subscription with this name exists */
  onEach<Payload>({ name, events, handle }: EachSubscription<Payload>): void {
    this.add({
      name,
      events: events.map((type) => type.name),
      toWork: (event) => ({ key: event.position, work: event }),
      debounceMs: 0,
      maxWaitMs: 0,
      handle: (work) => handle(work as DomainEvent<Payload>),
    });
  }

  /** @throws Error if a subscription with this name exists */
  onBatch<Payload>({ name, events, needsWork, handle }: BatchSubscription<Payload>): void {
    const handleBatch = (works: readonly unknown[]) => handle(works as DomainEvent<Payload>[]);
    this.add({
      name,
      events: events.map((type) => type.name),
      toWork: (event) =>
        needsWork(event as DomainEvent<Payload>) ? { key: event.position, work: event } : undefined,
      debounceMs: 0,
      maxWaitMs: 0,
      handle: (work) => handleBatch([work]),
      handleBatch,
    });
  }

  /** @throws Error if a subscription with this name exists */
  onMerged<Payload, Work>(subscription: MergedSubscription<Payload, Work>): void {
    const { name, events, debounceMs, maxWaitMs, toWork, merge, handle } = subscription;
    this.add({
      ...{ name, debounceMs, maxWaitMs },
      events: events.map((type) => type.name),
      toWork: (event) => toWork(event as DomainEvent<Payload>),
      merge: (before, after) => merge(before as Work, after as Work),
      handle: (work) => handle(work as Work),
    });
  }

  /** Subscribes to events that are emitted from now on. */
  onNotice<Payload>(subscription: {
    events: readonly EventType<Payload>[];
    handle: (events: readonly DomainEvent<Payload>[]) => Promise<void> | void;
    onMissed: () => void;
    onRead?: (position: Position) => void;
  }): void {
    this.notices.push({
      events: subscription.events.map(({ name }) => name),
      handle: (events) => subscription.handle(events as readonly DomainEvent<Payload>[]),
      onMissed: () => subscription.onMissed(),
      onRead: (position) => subscription.onRead?.(position),
    });
  }

  private add(subscription: WorkSubscription): void {
    if (this.work.some(({ name }) => name === subscription.name))
      throw new Error(`Two subscriptions are named ${subscription.name}.`);
    this.work.push(subscription);
  }
}
