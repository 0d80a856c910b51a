import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { CLOCK, type Clock } from '#lib/time';
import { uuidOf } from './job-id';
import type { Job } from './job.entity';
import { JOB_FAILED, JOB_QUEUED } from './jobs.events';
import { JobsRepository, type NewJob } from './jobs.repository';
import { QUEUES, type JobState } from './model';

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

const CLEARED = 'QUEUE_CLEARED: the queue was cleared.';

/** Brings jobs to those who do them; they are recorded already, so that none is lost if this fails. */
export interface JobCarrier {
  /** Who does the jobs: a sentence for the log. */
  description: string;
  carry: (job: NewJob) => Promise<void> | void;
  /** Takes back what nobody has begun. */
  clear: (queue: string) => Promise<void> | void;
  /** Forgets what has failed. */
  forgetFailed: (queue: string) => Promise<void> | void;
}

/** Takes jobs in and tells how far they are. */
@Injectable()
export class JobsService {
  private carrier: JobCarrier | undefined;

  constructor(
    private readonly jobs: JobsRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'jobCacheTtlMs' | 'planningTtlMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Without a carrier, jobs wait in the database for a process that looks there.
   * @throws Error when there is one already
   */
  useCarrier(carrier: JobCarrier): void {
    if (this.carrier) throw new Error('Two drivers for jobs in one process.');
    this.carrier = carrier;
  }

  /** Who does the jobs that this process takes in. */
  get driver(): string {
    return this.carrier?.description ?? 'Jobs wait in the database for a server or worker.';
  }

  /**
   * Records a job to be done. A job that does the same and waits, runs, or was finished a short while ago
   * (FLEXMEASURES_JOB_CACHE_TTL) stands for the new one, unless a new one is forced. In a transaction, it is brought to
   * those who do it once that has committed.
   * @param options.identity what makes two jobs the same, where that is not the whole payload: a payload may also hold
   *   the moment at which the job was asked for
   * @returns its id: the same for the same queue, kind and identity
   */
  async enqueue(
    queue: string,
    kind: string,
    payload: unknown,
    { forceNew = false, identity = payload }: { forceNew?: boolean; identity?: unknown } = {},
  ): Promise<string> {
    const fingerprint = uuidOf(queue, kind, identity);
    for (;;) {
      const newest = await this.jobs.findNewest(fingerprint);
      if (newest && !forceNew && this.standsForNew(newest)) return newest.id;
      const generation = newest === null ? 0 : newest.generation + 1;
      const job = { id: uuidOf(fingerprint, generation), queue, kind, payload, fingerprint, generation };
      // Somebody else may have been faster with the very same job: then it is looked at like any other.
      if (await this.insert(job)) return job.id;
    }
  }

  /** The job that would stand for a new one of this identity; see `enqueue`. */
  async findStandIn(queue: string, kind: string, identity: unknown): Promise<Job | undefined> {
    const newest = await this.jobs.findNewest(uuidOf(queue, kind, identity));
    return newest && this.standsForNew(newest) ? newest : undefined;
  }

  /** A job that is not forgotten yet (FLEXMEASURES_PLANNING_TTL). */
  async find(id: string): Promise<Job | null> {
    const job = UUID.test(id) ? await this.jobs.find(id) : null;
    const { planningTtlMs } = this.settings;
    const isForgotten = planningTtlMs !== null && this.hasEndedBefore(job, planningTtlMs);
    return isForgotten ? null : job;
  }

  /** The jobs that were asked for last, of one queue or of all, the newest first. */
  newest(limit: number, queue?: string): Promise<Job[]> {
    return this.jobs.newest(limit, queue);
  }

  /** Fails all jobs of a queue that nobody has begun. @returns how many */
  async clear(queue: string): Promise<number> {
    const count = await this.failWaiting(CLEARED, { queue });
    await this.carrier?.clear(queue);
    return count;
  }

  /** Fails the jobs of a queue that wait for another attempt. @returns how many */
  clearPostponed(queue: string): Promise<number> {
    return this.failWaiting(CLEARED, { queue, onlyPostponed: true });
  }

  /** Fails jobs that wait: as JobsRepository.failWaiting. @returns how many */
  failWaiting(reason: string, which: Parameters<JobsRepository['failWaiting']>[1]): Promise<number> {
    return this.transactions.run(async () => {
      const failed = await this.jobs.failWaiting(reason, which);
      for (const job of failed) this.events.emit(JOB_FAILED, { ...job, reason });
      return failed.length;
    });
  }

  /** Forgets the jobs of a queue that failed. @returns how many */
  async clearFailed(queue: string): Promise<number> {
    const count = await this.jobs.deleteFailed(queue);
    await this.carrier?.forgetFailed(queue);
    return count;
  }

  /** How many jobs of each queue are in each state. */
  async count(): Promise<{ queue: string; counts: Record<JobState, number> }[]> {
    const rows = await this.jobs.count();
    const of = (queue: string, state: JobState): number =>
      rows.find((row) => row.queue === queue && row.state === state)?.count ?? 0;
    return QUEUES.map((queue) => ({
      queue,
      counts: {
        queued: of(queue, 'queued'),
        started: of(queue, 'started'),
        finished: of(queue, 'finished'),
        failed: of(queue, 'failed'),
      },
    }));
  }

  /** @returns false if there is a job of that id already */
  private insert(job: NewJob): Promise<boolean> {
    return this.transactions.run(async () => {
      if (!(await this.jobs.insert(job))) return false;
      const { id, queue, kind } = job;
      this.events.emit(JOB_QUEUED, { id, queue, kind });
      await this.transactions.afterCommit(() => this.carrier?.carry(job));
      return true;
    });
  }

  private standsForNew(job: Job): boolean {
    return job.state !== 'failed' && !this.hasEndedBefore(job, this.settings.jobCacheTtlMs);
  }

  /** Whether a job ended longer ago than `ageMs`. */
  private hasEndedBefore(job: Job | null, ageMs: number): boolean {
    return job?.endedAt != null && job.endedAt.getTime() < this.clock.now() - ageMs;
  }
}
