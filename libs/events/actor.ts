import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/**
 * The cause of an event: a user (id), a command of the command line (name), a job (id), or a subscription that handled
 * another event (name). The empty object stands for the system itself.
 */
export type Actor =
  { user: number } | { command: string } | { job: string } | { subscription: string } | object;

const SYSTEM: Actor = {};

/** The actor of the running code. Each entry point of the system (request, command, job) sets it once. */
@Injectable()
export class ActorContext {
  private readonly storage = new AsyncLocalStorage<{ actor: Actor }>();

  get current(): Actor {
    return this.storage.getStore()?.actor ?? SYSTEM;
  }

  /** Runs `work`, including everything that is awaited in it, with this actor. */
  run<T>(actor: Actor, work: () => T): T {
    return this.storage.run({ actor }, work);
  }

  /** As `run`, for work that finds out its actor while it runs, and then calls `identify`. */
  runUnidentified<T>(work: () => T): T {
    return this.run(SYSTEM, work);
  }

  /** Sets the actor of the surrounding `runUnidentified`, once. It has no effect outside, and within `run`. */
  identify(actor: Actor): void {
    const store = this.storage.getStore();
    if (store?.actor === SYSTEM) store.actor = actor;
  }
}
