import type { Actor } from './actor';
import type { Position } from './position';

declare const PAYLOAD: unique symbol;

/** A type of event, declared by its domain. */
export interface EventType<Payload> {
  /** Subject and verb, for example `sensor.created`. Unique; never change it once it is in use. */
  readonly name: string;
  readonly [PAYLOAD]?: Payload;
}

/** Declares a type of event. Payloads are JSON: ids, times and numbers, no entities and no long series. */
export const defineEvent = <Payload extends object>(name: string): EventType<Payload> => ({ name });

/** An event whose transaction has committed. */
export interface DomainEvent<Payload = unknown> {
  name: string;
  payload: Payload;
  /** The cause of the event. */
  actor: Actor;
  /** Position in the order of all events. */
  position: Position;
  /** Epoch milliseconds, by the clock of the database. */
  emittedAtMs: number;
}
