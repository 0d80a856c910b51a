import { hostname } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { isTransientFailure, Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { ActorContext, Events } from '#lib/events';
import { CLOCK, type Clock } from '#lib/time';
import { JobHandlers } from './job-handlers';
import { JOB_FAILED, JOB_FINISHED, JOB_POSTPONED } from './jobs.events';
import { JobsRepository, type ClaimedJob } from './jobs.repository';
import { messageOf } from './message-of';
import { LEASE_MS, MOST_ATTEMPTS, retryDelayMs } from './model';

/** How a job that was begun here went on. */
export type JobOutcome =
  | { state: 'finished'; result: unknown }
  | { state: 'failed'; error: Error }
  /** To be begun again after a while. */
  | { state: 'postponed'; error: Error; delayMs: number }
  /** Its lease ran out, and somebody else has begun it. */
  | { state: 'lost' };

/** Does jobs that were begun, and records how they ended. */
@Injectable()
export class JobRunner {
  /** Who this is, for people who look at jobs. */
  worker = `${hostname()}.${process.pid}`;
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly jobs: JobsRepository,
    private readonly handlers: JobHandlers,
    private readonly transactions: Transactions,
    private readonly events: Events,
    private readonly actors: ActorContext,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Never rejects: what goes wrong is the outcome. */
  run(job: ClaimedJob): Promise<JobOutcome> {
    return this.actors.run({ job: job.id }, () => this.attempt(job));
  }

  private async attempt(job: ClaimedJob): Promise<JobOutcome> {
    if (job.attempts > MOST_ATTEMPTS) {
      return this.fail(
        job,
        new DomainError('WORKERS_LOST', `No worker survived it in ${MOST_ATTEMPTS} attempts.`),
      );
    }
    const lease = this.clock.every(LEASE_MS / 3, () => void this.renew(job));
    try {
      const store = await this.handlers.run(job.kind, job.payload);
      lease.cancel();
      return await this.finish(job, store);
    } catch (reason) {
      lease.cancel();
      const error = reason instanceof Error ? reason : new Error(String(reason));
      if (!isTransientFailure(error)) return this.fail(job, error);
      if (job.attempts < MOST_ATTEMPTS) return this.postpone(job, error);
      this.logger.error(`Job ${job.id} (${job.kind}) is given up: ${error.message}`);
      return this.fail(
        job,
        new DomainError('UNAVAILABLE', `The database failed in ${MOST_ATTEMPTS} attempts.`),
      );
    }
  }

  private finish(job: ClaimedJob, store: () => Promise<unknown>): Promise<JobOutcome> {
    return this.transactions.run(async () => {
      if (!(await this.jobs.lock(job))) return this.lose(job);
      const result = await store();
      await this.jobs.finish(job, result);
      this.events.emit(JOB_FINISHED, named(job));
      return { state: 'finished', result };
    });
  }

  private lose({ id, kind, attempts }: ClaimedJob): JobOutcome {
    this.logger.warn(
      `Job ${id} (${kind}), attempt ${attempts}: the outcome is dropped, for others took it over.`,
    );
    return { state: 'lost' };
  }

  private async postpone(job: ClaimedJob, error: Error): Promise<JobOutcome> {
    const delayMs = retryDelayMs(job.attempts);
    this.logger.warn(`Job ${job.id} (${job.kind}) is tried again in ${delayMs / 1000} s: ${error.message}`);
    const postponing = this.transactions.run(async () => {
      if (await this.jobs.postpone(job, delayMs)) this.events.emit(JOB_POSTPONED, { ...named(job), delayMs });
    });
    await this.record(postponing);
    return { state: 'postponed', error, delayMs };
  }

  private async fail(job: ClaimedJob, error: Error): Promise<JobOutcome> {
    if (!(error instanceof DomainError)) {
      this.logger.error(`Job ${job.id} (${job.kind}) failed: ${error.stack ?? error.message}`);
    }
    const reason = reasonOf(error);
    const failing = this.transactions.run(async () => {
      if (await this.jobs.fail(job, reason)) this.events.emit(JOB_FAILED, { ...named(job), reason });
    });
    await this.record(failing);
    return { state: 'failed', error };
  }

  private async renew(job: ClaimedJob): Promise<void> {
    await this.record(this.jobs.renew(job));
  }

  /** What cannot be recorded shows when the lease has run out: the job is begun again then. */
  private async record(recording: Promise<void>): Promise<void> {
    await recording.catch((error: unknown) =>
      this.logger.warn(`The state of a job was not recorded: ${messageOf(error)}`),
    );
  }
}

const named = ({ id, queue, kind }: ClaimedJob) => ({ id, queue, kind });

/** What a user may know of a failure. */
function reasonOf(error: Error): string {
  return error instanceof DomainError
    ? `${error.code}: ${error.message}`
    : 'INTERNAL_ERROR: the job could not be done.';
}
