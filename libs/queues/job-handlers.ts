import { Injectable } from '@nestjs/common';

/** Does a job; what it resolves to is kept as the job's result. */
export type JobHandler = (payload: unknown) => Promise<unknown>;

/** Who does which kind of job in this process; the domains enter themselves. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler>();

  /** @throws Error when the kind has a handler already: a job is done in one way only */
  register(kind: string, handler: JobHandler): void {
    if (this.handlers.has(kind)) throw new Error(`Two handlers for jobs of kind ${kind}.`);
    this.handlers.set(kind, handler);
  }

  /** @throws Error when nobody does this kind of job */
  run(kind: string, payload: unknown): Promise<unknown> {
    const handler = this.handlers.get(kind);
    return handler ? handler(payload) : Promise.reject(new Error(`Nobody does jobs of kind ${kind}.`));
  }
}
