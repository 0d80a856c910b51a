import type { Actor } from './actor';
import type { Position } from './position';

declare const PAYLOAD: unique symbol;

/** A kind of event, as its domain declares it. */
export interface EventType<Payload> {
  /** What happened to what, such as `sensor.created`; unique, and kept once it is in use. */
  readonly name: string;
  readonly [PAYLOAD]?: Payload;
}

/** Declares a kind of event. Payloads are JSON: ids, times and figures, no entities and no long series. */
export const defineEvent = <Payload extends object>(name: string): EventType<Payload> => ({ name });

/** An event that has happened: the transaction that emitted it has committed. */
export interface DomainEvent<Payload = unknown> {
  name: string;
  payload: Payload;
  /** Who caused it. */
  actor: Actor;
  /** Its place in the order of all events. */
  position: Position;
  /** Epoch milliseconds, by the clock of the database. */
  emittedAtMs: number;
}
