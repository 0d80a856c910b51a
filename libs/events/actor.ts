import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/**
 * The cause of an event: a user (id), a command of the command line (name), a job (id), or a subscription that handled
 * another event (name). The empty object stands for the system itself.
 */
export type Actor =
  { user: number } | { command: string } | { job: string } | { subscription: string } | object;

const SYSTEM: Actor = {};

/** The actor of the running code. Each entry point of the system (request, command, job) sets it once, with `run`. */
@Injectable()
export class ActorContext {
  private readonly storage = new AsyncLocalStorage<Actor>();

  get current(): Actor {
    return this.storage.getStore() ?? SYSTEM;
  }

  /** Runs `work`, including everything that is awaited in it, with this actor. */
  run<T>(actor: Actor, work: () => T): T {
    return this.storage.run(actor, work);
  }
}
