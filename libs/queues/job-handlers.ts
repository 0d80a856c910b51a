import { Injectable } from '@nestjs/common';

/** Stores what a job has worked out; what it resolves to is kept as the job's result. */
export type StoreOutcome = () => Promise<unknown>;

/**
 * Does the work of a job and stores nothing yet. What it gives back runs in the transaction that ends the job, so that
 * the outcome is stored once, also where a job was begun several times.
 */
export type JobHandler = (payload: unknown) => Promise<StoreOutcome>;

/** Who does which kind of job in this process; the domains enter themselves. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly served = new Set<string>();

  /** @throws Error when the kind has a handler already: a job is done in one way only */
  register(queue: string, kind: string, handler: JobHandler): void {
    if (this.handlers.has(kind)) throw new Error(`Two handlers for jobs of kind ${kind}.`);
    this.handlers.set(kind, handler);
    this.served.add(queue);
  }

  /** The queues whose jobs this process can do. */
  get queues(): string[] {
    return [...this.served];
  }

  /** @throws Error when nobody does this kind of job */
  run(kind: string, payload: unknown): Promise<StoreOutcome> {
    const handler = this.handlers.get(kind);
    return handler ? handler(payload) : Promise.reject(new Error(`Nobody does jobs of kind ${kind}.`));
  }
}
