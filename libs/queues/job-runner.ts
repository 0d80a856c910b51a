import { hostname } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { isTransientFailure, Transactions } from '#lib/database';
import { DomainError, errorMessage } from '#lib/errors';
import { ActorContext, Events } from '#lib/events';
import { CLOCK, type Clock } from '#lib/time';
import { JobHandlers } from './job-handlers';
import { JOB_FAILED, JOB_FINISHED, JOB_POSTPONED } from './jobs.events';
import { JobsRepository, type ClaimedJob } from './jobs.repository';
import { LEASE_MS, MAX_ATTEMPTS, retryDelayMs } from './model';

/** The outcome of an attempt to run a job. */
export type JobOutcome =
  | { state: 'finished'; result: unknown }
  | { state: 'failed'; error: Error }
  /** The job will be tried again after a delay. */
  | { state: 'postponed'; error: Error; delayMs: number }
  /** The lease expired and another worker has started the job. */
  | { state: 'lost' };

/** Runs claimed jobs and records how they ended. */
@Injectable()
export class JobRunner {
  /** Name of this worker, shown with its jobs. */
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

  /** Runs a job. Never rejects: a failure is an outcome. */
  run(job: ClaimedJob): Promise<JobOutcome> {
    return this.actors.run({ job: job.id, queue: job.queue }, () => this.attempt(job));
  }

  private async attempt(job: ClaimedJob): Promise<JobOutcome> {
    if (job.attempts > MAX_ATTEMPTS) {
      return this.fail(
        job,
        new DomainError('WORKERS_LOST', `The worker died in each of ${MAX_ATTEMPTS} attempts.`),
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
      if (job.attempts < MAX_ATTEMPTS) return this.postpone(job, error);
      this.logger.error(`Job ${job.id} (${job.kind}) failed in its last attempt: ${error.message}`);
      return this.fail(
        job,
        new DomainError('UNAVAILABLE', `The database was not available in ${MAX_ATTEMPTS} attempts.`),
      );
    }
  }

  private finish(job: ClaimedJob, store: () => Promise<unknown>): Promise<JobOutcome> {
    return this.transactions.run(async () => {
      if (!(await this.jobs.lock(job))) return this.discardOutcome(job);
      const result = await store();
      await this.jobs.finish(job, result);
      this.events.emit(JOB_FINISHED, toJobEvent(job));
      return { state: 'finished', result };
    });
  }

  private discardOutcome({ id, kind, attempts }: ClaimedJob): JobOutcome {
    this.logger.warn(
      `Job ${id} (${kind}), attempt ${attempts}: the outcome is discarded, because another worker took over the job.`,
    );
    return { state: 'lost' };
  }

  private async postpone(job: ClaimedJob, error: Error): Promise<JobOutcome> {
    const delayMs = retryDelayMs(job.attempts);
    this.logger.warn(
      `Job ${job.id} (${job.kind}) will be tried again in ${delayMs / 1000} s: ${error.message}`,
    );
    const postponing = this.transactions.run(async () => {
      if (await this.jobs.postpone(job, delayMs))
        this.events.emit(JOB_POSTPONED, { ...toJobEvent(job), delayMs });
    });
    await this.record(postponing);
    return { state: 'postponed', error, delayMs };
  }

  private async fail(job: ClaimedJob, error: Error): Promise<JobOutcome> {
    if (!(error instanceof DomainError)) {
      this.logger.error(`Job ${job.id} (${job.kind}) failed: ${error.stack ?? error.message}`);
    }
    const reason = failureReason(error);
    const failing = this.transactions.run(async () => {
      if (await this.jobs.fail(job, reason)) this.events.emit(JOB_FAILED, { ...toJobEvent(job), reason });
    });
    await this.record(failing);
    return { state: 'failed', error };
  }

  private async renew(job: ClaimedJob): Promise<void> {
    await this.record(this.jobs.renew(job));
  }

  /** Logs a failure to record the state. The job is then started again after its lease has expired. */
  private async record(recording: Promise<void>): Promise<void> {
    await recording.catch((error: unknown) =>
      this.logger.warn(`The state of a job was not recorded: ${errorMessage(error)}`),
    );
  }
}

const toJobEvent = ({ id, queue, kind }: ClaimedJob) => ({ id, queue, kind });

/** The failure reason for users. Details of internal errors are only logged. */
function failureReason(error: Error): string {
  return error instanceof DomainError
    ? `${error.code}: ${error.message}`
    : 'INTERNAL_ERROR: the job failed because of an internal error.';
}
