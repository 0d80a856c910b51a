import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { ActorContext, type Actor } from './actor';
import { EventSignal } from './event-signal';
import type { EventType } from './event-type';
import { EventsRepository, type NewEvent } from './events.repository';

/** Emits events. */
@Injectable()
export class Events {
  private readonly pending = new WeakMap<object, NewEvent[]>();

  constructor(
    private readonly transactions: Transactions,
    private readonly actors: ActorContext,
    private readonly repository: EventsRepository,
    private readonly signal: EventSignal,
  ) {}

  /**
   * Emits an event when the running transaction commits; all of a transaction are written in one statement before that.
   * @param actor who caused it, if that is somebody else than the context says
   * @throws Error outside of a transaction, which alone knows whether the event happens
   */
  emit<Payload extends object>(type: EventType<Payload>, payload: Payload, actor?: Actor): void {
    this.pendingEvents().push({ name: type.name, payload, actor: actor ?? this.actors.current });
  }

  /**
   * Parameters for SQL that emits events by itself, as it saves what they are about: name, actor, and a list of payloads
   * for table `event`. Whoever runs it calls `emittedBySql` afterwards.
   */
  toSql<Payload extends object>(
    type: EventType<Payload>,
    payloads: readonly Payload[],
  ): [name: string, actor: string, payloads: string[]] {
    const texts = payloads.map((payload) => JSON.stringify(payload));
    return [type.name, JSON.stringify(this.actors.current), texts];
  }

  /** Wakes readers once SQL that emitted events has been committed. */
  emittedBySql(): Promise<void> {
    return this.transactions.afterCommit(() => this.signal.raise());
  }

  private pendingEvents(): NewEvent[] {
    const { manager } = this.transactions;
    const known = this.pending.get(manager);
    if (known) return known;
    const events: NewEvent[] = [];
    this.transactions.beforeCommit(() => {
      this.pending.delete(manager);
      return this.repository.insert(events);
    });
    void this.emittedBySql();
    this.pending.set(manager, events);
    return events;
  }
}
