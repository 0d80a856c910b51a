import { Injectable } from '@nestjs/common';
import type { DomainEvent, EventType } from './event-type';

/** Work that each event causes once, whichever process does it. */
export interface EachSubscription<Payload> {
  /** Unique; progress is kept under it, so that a new name starts with all events that are still there. */
  name: string;
  events: readonly EventType<Payload>[];
  /** Runs in a transaction; see WorkSubscription. */
  handle: (event: DomainEvent<Payload>) => Promise<void>;
}

/** As EachSubscription, for events that are handled together when they follow each other closely. */
export interface MergedSubscription<Payload, Work> {
  name: string;
  events: readonly EventType<Payload>[];
  /** What an event asks for, and the key under which that is merged; undefined if it asks for nothing. */
  toWork: (event: DomainEvent<Payload>) => { key: string; work: Work } | undefined;
  /** What was asked for before and after, as one. Work is JSON. */
  merge: (before: Work, after: Work) => Work;
  /** Work waits until so long passed without more for its key (ms) ... */
  quietMs: number;
  /** ... but not longer than this (ms). */
  patienceMs: number;
  /** Runs in a transaction; see WorkSubscription. */
  handle: (work: Work) => Promise<void>;
}

/** Both kinds of work, in one form. */
export interface WorkSubscription {
  name: string;
  events: readonly string[];
  toWork: (event: DomainEvent) => { key: string; work: unknown } | undefined;
  merge?: (before: unknown, after: unknown) => unknown;
  quietMs: number;
  patienceMs: number;
  /**
   * Does the work in the transaction that marks it as done, so that what it writes is written once. A transaction that
   * stays open holds back all events, so that a handler that takes longer than some milliseconds queues a job instead.
   * What it does outside of the database may be done again: after a failure it is tried again, ever later.
   */
  handle: (work: unknown) => Promise<void>;
}

/** Events that every process sees, once each, in order; for caches, and for streams to clients. */
export interface NoticeSubscription {
  events: readonly string[];
  handle: (events: readonly DomainEvent[]) => Promise<void> | void;
  /** Events were deleted before this process saw them, after a very long break: anything may have happened. */
  missed: () => void;
}

/** Who wants to know of which events. Domains subscribe when their modules start. */
@Injectable()
export class EventSubscriptions {
  readonly work: WorkSubscription[] = [];
  readonly notices: NoticeSubscription[] = [];

  /** @throws Error when the name is taken */
  onEach<Payload>({ name, events, handle }: EachSubscription<Payload>): void {
    this.add({
      name,
      events: events.map((type) => type.name),
      toWork: (event) => ({ key: event.position, work: event }),
      quietMs: 0,
      patienceMs: 0,
      handle: (work) => handle(work as DomainEvent<Payload>),
    });
  }

  /** @throws Error when the name is taken */
  onMerged<Payload, Work>(subscription: MergedSubscription<Payload, Work>): void {
    const { name, events, quietMs, patienceMs, toWork, merge, handle } = subscription;
    this.add({
      ...{ name, quietMs, patienceMs },
      events: events.map((type) => type.name),
      toWork: (event) => toWork(event as DomainEvent<Payload>),
      merge: (before, after) => merge(before as Work, after as Work),
      handle: (work) => handle(work as Work),
    });
  }

  /** Lets this process see events: those that are emitted from now on. */
  onNotice<Payload>(subscription: {
    events: readonly EventType<Payload>[];
    handle: (events: readonly DomainEvent<Payload>[]) => Promise<void> | void;
    missed: () => void;
  }): void {
    this.notices.push({
      events: subscription.events.map(({ name }) => name),
      handle: (events) => subscription.handle(events as readonly DomainEvent<Payload>[]),
      missed: () => subscription.missed(),
    });
  }

  private add(subscription: WorkSubscription): void {
    if (this.work.some(({ name }) => name === subscription.name))
      throw new Error(`Two subscriptions are named ${subscription.name}.`);
    this.work.push(subscription);
  }
}
