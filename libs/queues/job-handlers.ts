import { Injectable } from '@nestjs/common';

/** Stores the outcome of a job. The resolved value is recorded as the result of the job. */
export type StoreOutcome = () => Promise<unknown>;

/**
 * Does the work of a job without storing anything. The returned function runs in the transaction that ends the job, so
 * that the outcome is stored once, also if the job was started several times.
 */
export type JobHandler = (payload: unknown) => Promise<StoreOutcome>;

/** The job handlers of this process by kind of job. The domains register them. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly servedQueues = new Set<string>();

  /** @throws Error if the kind already has a handler */
  register(queue: string, kind: string, handler: JobHandler): void {
    if (this.handlers.has(kind)) throw new Error(`Jobs of kind ${kind} have two handlers.`);
    this.handlers.set(kind, handler);
    this.servedQueues.add(queue);
  }

  /** The queues for which this process has handlers. */
  get queues(): string[] {
    return [...this.servedQueues];
  }

  /** @throws Error if the kind has no handler */
  run(kind: string, payload: unknown): Promise<StoreOutcome> {
    const handler = this.handlers.get(kind);
    return handler ? handler(payload) : Promise.reject(new Error(`Jobs of kind ${kind} have no handler.`));
  }
}
