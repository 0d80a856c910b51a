import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/**
 * Who caused an event: a user by id, a command of the command line by its name, a job by its id, or a subscription that
 * followed another event. Without any of them, the system itself.
 */
export type Actor =
  { user: number } | { command: string } | { job: string } | { subscription: string } | object;

const SYSTEM: Actor = {};

/** Knows on whose behalf the running code works. Each way into the system says so once, with `run`. */
@Injectable()
export class ActorContext {
  private readonly storage = new AsyncLocalStorage<Actor>();

  get current(): Actor {
    return this.storage.getStore() ?? SYSTEM;
  }

  /** Runs `work`, and all that is awaited in it, on behalf of an actor. */
  run<T>(actor: Actor, work: () => T): T {
    return this.storage.run(actor, work);
  }
}
