import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { CLOCK, type Clock } from '#lib/time';
import { hashToUuid } from './job-id';
import type { Job } from './job.entity';
import { JobLimits } from './job-limits';
import { JOB_FAILED, JOB_QUEUED, type JobEvent } from './jobs.events';
import {
  type EndedJob,
  type JobDurations,
  type JobFilter,
  JobsRepository,
  type NewJob,
} from './jobs.repository';
import { QUEUES, type JobState } from './model';

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Account id of jobs that count for no account. */
export const NO_ACCOUNT = 0;

const CLEARED = 'QUEUE_CLEARED: the queue was cleared.';

/** Brings recorded jobs to workers. A failure loses no job, as the jobs are in the database. */
export interface JobTransport {
  /** A sentence for the log that says where jobs run. */
  description: string;
  send: (job: NewJob & Pick<Job, 'turn'>) => Promise<void> | void;
  /** Removes the jobs of a queue that were not started. */
  clear: (queue: string) => Promise<void> | void;
  /** Removes the failed jobs of a queue. */
  removeFailed: (queue: string) => Promise<void> | void;
}

/** Whom a job counts for. */
export interface JobOwner {
  /** The account of the user, or of the asset if no user asked; null for public assets. */
  accountId: number | null;
  /** The user who asked. */
  userId?: number;
}

/** How new work is merged into a job that waits, so that work of one kind does not pile up. */
export interface MergeOptions {
  /** Jobs of the same queue and kind with equal keys are merged. */
  key: unknown;
  /** The payload for the work of the waiting job and the new work. */
  into: (waiting: unknown) => unknown;
}

/** When an equal job is reused, and whom the job counts for. */
export interface EnqueueOptions {
  /** By default, the job counts for no account. */
  owner?: JobOwner;
  /** Whether the job counts for the limits of open jobs, and is refused if they are reached; false if not given. */
  isLimited?: boolean;
  /** By default, new work gets a job of its own. */
  merge?: MergeOptions;
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
    private readonly limits: JobLimits,
    @Inject(SETTINGS)
    private readonly settings: Pick<Settings, 'jobTtlMs' | 'jobCacheTtlMs' | 'planningTtlMs'>,
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
   * ago, unless the options prevent it. With `merge`, the work may become part of a job that waits. In a transaction, the job
   * is sent to the transport after the commit.
   * @returns the id of the job, which depends on queue, kind and identity
   * @throws DomainError TOO_MANY_JOBS if the job is new and limited, and its account or user has too many open jobs
   */
  async enqueue(
    queue: string,
    kind: string,
    payload: unknown,
    { forceNew = false, identity = payload, isStillValid = () => true, ...options }: EnqueueOptions = {},
  ): Promise<string> {
    const { isLimited = false, merge } = options;
    const { accountId, userId = null } = options.owner ?? { accountId: null };
    const mergeKey = merge ? hashToUuid(queue, kind, merge.key) : null;
    const merged = merge && (await this.mergeIntoWaiting(mergeKey!, merge));
    if (merged !== undefined) return merged;
    const owner = { accountId: accountId ?? NO_ACCOUNT, userId, isLimited, mergeKey };
    const fingerprint = hashToUuid(queue, kind, identity);
    for (;;) {
      const newest = await this.jobs.findNewest(fingerprint);
      if (newest && !forceNew && this.canReuse(newest) && (await isStillValid(newest))) return newest.id;
      const generation = newest === null ? 0 : newest.generation + 1;
      const id = hashToUuid(fingerprint, generation);
      const job = { id, queue, kind, payload, fingerprint, generation, ...owner };
      // If a concurrent call inserted the same job, the next iteration finds it.
      if (await this.insert(job)) return job.id;
    }
  }

  /**
   * Records work that a command has done itself, so that people find it where they find jobs. It is never reused for equal
   * requests, and no event tells of it.
   * @returns the id of the job
   */
  async recordFinished(
    queue: string,
    kind: string,
    { payload, result, accountId }: { payload: unknown; result: unknown; accountId: number | null },
  ): Promise<string> {
    const id = randomUUID();
    const job = { id, queue, kind, payload, fingerprint: randomUUID(), accountId: accountId ?? NO_ACCOUNT };
    await this.jobs.insertFinished(job, result);
    return id;
  }

  /** The job with this id, unless it ended longer than FLEXMEASURES_PLANNING_TTL ago. */
  async find(id: string): Promise<Job | null> {
    let job = UUID.test(id) ? await this.jobs.find(id) : null;
    if (job && this.isExpired(job)) {
      await this.failExpired();
      job = await this.jobs.find(id);
    }
    const { planningTtlMs } = this.settings;
    const isOutdated = planningTtlMs !== null && this.hasEndedBefore(job, planningTtlMs);
    return isOutdated ? null : job;
  }

  /** The jobs with these ids that are still stored, however long ago they ended. */
  async findMany(ids: readonly string[]): Promise<Job[]> {
    return ids.length === 0 ? [] : this.jobs.findMany(ids);
  }

  /** Whether this was what made a job equal to others, see `EnqueueOptions.identity`. */
  hasIdentity({ queue, kind, fingerprint }: Job, identity: unknown): boolean {
    return hashToUuid(queue, kind, identity) === fingerprint;
  }

  /** The most recently created jobs, of one queue or of all, the newest first. */
  listNewest(limit: number, queue?: string): Promise<Job[]> {
    return this.jobs.listNewest(limit, queue);
  }

  /** The newest jobs that are for an asset, or for one of the sensors, alone or with others. */
  listAbout(
    assetId: number,
    sensorIds: readonly number[],
    limit: number,
    filter: JobFilter = {},
  ): Promise<Job[]> {
    return this.jobs.listAbout(assetId, sensorIds, limit, filter);
  }

  /**
   * What went wrong since a time, the newest first: of the jobs of a kind about the same asset and sensors the last one, if it
   * failed or if a list in its result has entries.
   */
  listTroubled(about: {
    sinceMs: number;
    limit: number;
    resultLists: readonly string[];
  }): Promise<EndedJob[]> {
    return this.jobs.listTroubled(new Date(about.sinceMs), about.resultLists, about.limit);
  }

  /** Fails all waiting jobs of a queue. @returns their number */
  async clear(queue: string): Promise<number> {
    const count = await this.failWaiting(queue, { onlyPostponed: false });
    await this.transport?.clear(queue);
    return count;
  }

  /** Fails the jobs of a queue that wait for another attempt. @returns their number */
  clearPostponed(queue: string): Promise<number> {
    return this.failWaiting(queue, { onlyPostponed: true });
  }

  /** Fails waiting jobs whose deadline has passed. @returns their number */
  failExpired(): Promise<number> {
    return this.recordFailures(() => this.jobs.failExpired());
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

  /** How long the jobs took that ended in the last hour, in all processes, by kind. */
  listDurations(): Promise<JobDurations[]> {
    return this.jobs.listDurations();
  }

  /** @returns the id of the job that waits; undefined if there is none */
  private mergeIntoWaiting(mergeKey: string, { into }: MergeOptions): Promise<string | undefined> {
    return this.transactions.run(async () => {
      const waiting = await this.jobs.lockMergeable(mergeKey);
      if (waiting) await this.jobs.setPayload(waiting.id, into(waiting.payload));
      return waiting?.id;
    });
  }

  private failWaiting(queue: string, { onlyPostponed }: { onlyPostponed: boolean }): Promise<number> {
    return this.recordFailures(async () => {
      const failed = await this.jobs.failWaiting(CLEARED, { queue, onlyPostponed });
      return failed.map((job) => ({ ...job, reason: CLEARED }));
    });
  }

  private recordFailures(fail: () => Promise<(JobEvent & { reason: string })[]>): Promise<number> {
    return this.transactions.run(async () => {
      const failed = await fail();
      for (const job of failed) this.events.emit(JOB_FAILED, job);
      return failed.length;
    });
  }

  /** @returns false if a job with this id exists */
  private insert(job: NewJob): Promise<boolean> {
    return this.transactions.run(async () => {
      if (job.isLimited) await this.limits.lock(job);
      const turn = await this.jobs.insert(job, this.settings.jobTtlMs);
      if (turn === undefined) return false;
      if (job.isLimited) await this.limits.check(job);
      const { id, queue, kind } = job;
      this.events.emit(JOB_QUEUED, { id, queue, kind });
      await this.transactions.afterCommit(() => this.transport?.send({ ...job, turn }));
      return true;
    });
  }

  private canReuse(job: Job): boolean {
    if (job.state === 'failed' || this.isExpired(job)) return false;
    return !this.hasEndedBefore(job, this.settings.jobCacheTtlMs);
  }

  private isExpired({ state, deadline }: Job): boolean {
    return state === 'queued' && deadline.getTime() <= this.clock.now();
  }

  /** Whether a job ended longer ago than `ageMs`. */
  private hasEndedBefore(job: Job | null, ageMs: number): boolean {
    return job?.endedAt != null && job.endedAt.getTime() < this.clock.now() - ageMs;
  }
}
