import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { CLOCK, type Clock } from '#lib/time';
import { hashToUuid } from './job-id';
import type { Job } from './job.entity';
import { JOB_FAILED, JOB_QUEUED } from './jobs.events';
import { JobsRepository, type NewJob } from './jobs.repository';
import { QUEUES, type JobState } from './model';

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

const CLEARED = 'QUEUE_CLEARED: the queue was cleared.';

/** Brings recorded jobs to workers. A failure loses no job, as the jobs are in the database. */
export interface JobTransport {
  /** A sentence for the log that says where jobs run. */
  description: string;
  send: (job: NewJob) => Promise<void> | void;
  /** Removes the jobs of a queue that were not started. */
  clear: (queue: string) => Promise<void> | void;
  /** Removes the failed jobs of a queue. */
  removeFailed: (queue: string) => Promise<void> | void;
}

/** When an equal job is reused. */
export interface EnqueueOptions {
  /** Creates a new job in any case. */
  forceNew?: boolean;
  /** What makes two jobs equal; the payload if not given. A payload can also have the time of the request. */
  identity?: unknown;
  /** Whether the result of an equal job is still what a new job would compute; true if not given. */
  isStillValid?: (job: Job) => boolean | Promise<boolean>;
}

/** Records and finds jobs. */
@Injectable()
export class JobsService {
  private transport: JobTransport | undefined;

  constructor(
    private readonly jobs: JobsRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'jobCacheTtlMs' | 'planningTtlMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Sets the transport. Without one, jobs wait in the database for another process.
   * @throws Error if the process already has a transport
   */
  setTransport(transport: JobTransport): void {
    if (this.transport) throw new Error('The process already has a transport for jobs.');
    this.transport = transport;
  }

  /** Says where the jobs of this process run, for the log. */
  get transportDescription(): string {
    return this.transport?.description ?? 'Jobs wait in the database until a server or worker runs them.';
  }

  /**
   * Records a job. An equal job is reused if it is queued or running, or finished less than FLEXMEASURES_JOB_CACHE_TTL
   * ago, unless the options prevent it. In a transaction, the job is sent to the transport after the commit.
   * @returns the id of the job, which depends on queue, kind and identity
   */
  async enqueue(
    queue: string,
    kind: string,
    payload: unknown,
    { forceNew = false, identity = payload, isStillValid = () => true }: EnqueueOptions = {},
  ): Promise<string> {
    const fingerprint = hashToUuid(queue, kind, identity);
    for (;;) {
      const newest = await this.jobs.findNewest(fingerprint);
      if (newest && !forceNew && this.canReuse(newest) && (await isStillValid(newest))) return newest.id;
      const generation = newest === null ? 0 : newest.generation + 1;
      const job = { id: hashToUuid(fingerprint, generation), queue, kind, payload, fingerprint, generation };
      // If a concurrent call inserted the same job, the next iteration finds it.
      if (await this.insert(job)) return job.id;
    }
  }

  /** The job with this id, unless it ended longer than FLEXMEASURES_PLANNING_TTL ago. */
  async find(id: string): Promise<Job | null> {
    const job = UUID.test(id) ? await this.jobs.find(id) : null;
    const { planningTtlMs } = this.settings;
    const isExpired = planningTtlMs !== null && this.hasEndedBefore(job, planningTtlMs);
    return isExpired ? null : job;
  }

  /** The most recently created jobs, of one queue or of all, the newest first. */
  listNewest(limit: number, queue?: string): Promise<Job[]> {
    return this.jobs.listNewest(limit, queue);
  }

  /** Fails all waiting jobs of a queue. @returns their number */
  async clear(queue: string): Promise<number> {
    const count = await this.failWaiting(CLEARED, { queue });
    await this.transport?.clear(queue);
    return count;
  }

  /** Fails the jobs of a queue that wait for another attempt. @returns their number */
  clearPostponed(queue: string): Promise<number> {
    return this.failWaiting(CLEARED, { queue, onlyPostponed: true });
  }

  /** Fails waiting jobs; see JobsRepository.failWaiting. @returns their number */
  failWaiting(reason: string, which: Parameters<JobsRepository['failWaiting']>[1]): Promise<number> {
    return this.transactions.run(async () => {
      const failed = await this.jobs.failWaiting(reason, which);
      for (const job of failed) this.events.emit(JOB_FAILED, { ...job, reason });
      return failed.length;
    });
  }

  /** Deletes the failed jobs of a queue. @returns their number */
  async clearFailed(queue: string): Promise<number> {
    const count = await this.jobs.deleteFailed(queue);
    await this.transport?.removeFailed(queue);
    return count;
  }

  /** The number of jobs by queue and state. */
  async countByState(): Promise<{ queue: string; counts: Record<JobState, number> }[]> {
    const rows = await this.jobs.countByState();
    const countOf = (queue: string, state: JobState): number =>
      rows.find((row) => row.queue === queue && row.state === state)?.count ?? 0;
    return QUEUES.map((queue) => ({
      queue,
      counts: {
        queued: countOf(queue, 'queued'),
        started: countOf(queue, 'started'),
        finished: countOf(queue, 'finished'),
        failed: countOf(queue, 'failed'),
      },
    }));
  }

  /** @returns false if a job with this id exists */
  private insert(job: NewJob): Promise<boolean> {
    return this.transactions.run(async () => {
      if (!(await this.jobs.insert(job))) return false;
      const { id, queue, kind } = job;
      this.events.emit(JOB_QUEUED, { id, queue, kind });
      await this.transactions.afterCommit(() => this.transport?.send(job));
      return true;
    });
  }

  private canReuse(job: Job): boolean {
    return job.state !== 'failed' && !this.hasEndedBefore(job, this.settings.jobCacheTtlMs);
  }

  /** Whether a job ended longer ago than `ageMs`. */
  private hasEndedBefore(job: Job | null, ageMs: number): boolean {
    return job?.endedAt != null && job.endedAt.getTime() < this.clock.now() - ageMs;
  }
}
