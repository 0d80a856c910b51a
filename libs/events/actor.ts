import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/**
 * The cause of an event: a user (id, and the name of the device token that acts for the user), a command of the command line (its name, and that of the user of the operating system), a job (id and queue), or a subscription that handled
 * another event (name). The empty object stands for the system itself.
 */
export type Actor =
  | { user: number; token?: string }
  | { command: string; systemUser?: string }
  | { job: string; queue?: string }
  | { subscription: string }
  | object;

const SYSTEM: Actor = {};

/**
 * The actors of the running code, by application. One storage for all applications of a process: Node.js 20 copies the
 * value of every storage that was ever used to every promise.
 */
const ACTORS = new AsyncLocalStorage<ReadonlyMap<ActorContext, { actor: Actor }>>();

/** The actor of the running code. Each entry point of the system (request, command, job) sets it once. */
@Injectable()
export class ActorContext {
  get current(): Actor {
    return this.store?.actor ?? SYSTEM;
  }

  /** Runs `work`, including everything that is awaited in it, with this actor. */
  run<T>(actor: Actor, work: () => T): T {
    return ACTORS.run(new Map(ACTORS.getStore()).set(this, { actor }), work);
  }

  /** As `run`, for work that finds out its actor while it runs, and then calls `identify`. */
  runUnidentified<T>(work: () => T): T {
    return this.run(SYSTEM, work);
  }

  /** Sets the actor of the surrounding `runUnidentified`, once. It has no effect outside, and within `run`. */
  identify(actor: Actor): void {
    const { store } = this;
    if (store?.actor === SYSTEM) store.actor = actor;
  }

  private get store(): { actor: Actor } | undefined {
    return ACTORS.getStore()?.get(this);
  }
}
