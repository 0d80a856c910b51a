import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { ActorContext, type Actor } from './actor';
import { EventSignal } from './event-signal';
import type { EventType } from './event-type';
import { EventsRepository, type NewEvent } from './events.repository';

/** Emits domain events. */
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
   * Emits an event when the running transaction commits. The events of a transaction are written in one statement.
   * @param actor the cause of the event, if it differs from the actor of the context
   * @throws Error outside a transaction
   */
  emit<Payload extends object>(type: EventType<Payload>, payload: Payload, actor?: Actor): void {
    this.pendingEvents().push({ name: type.name, payload, actor: actor ?? this.actors.current });
  }

  /**
   * Parameters for SQL statements that insert events themselves: name, actor and list of payloads for the table `event`.
   * The caller must call `signalEmittedBySql` afterwards.
   */
  toSqlParameters<Payload extends object>(
    type: EventType<Payload>,
    payloads: readonly Payload[],
  ): [name: string, actor: string, payloads: string[]] {
    const texts = payloads.map((payload) => JSON.stringify(payload));
    return [type.name, JSON.stringify(this.actors.current), texts];
  }

  /** Wakes the readers after the commit of SQL that inserted events of a type. */
  signalEmittedBySql<Payload extends object>(type: EventType<Payload>): Promise<void> {
    return this.transactions.afterCommit(() => this.signal.raise([type.name]));
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
    void this.transactions.afterCommit(() => this.signal.raise(events.map(({ name }) => name)));
    this.pending.set(manager, events);
    return events;
  }
}
