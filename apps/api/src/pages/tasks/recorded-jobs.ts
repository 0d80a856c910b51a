import type { Job, JobState } from '#lib/queues';

/** Maximum number of jobs on the page. */
export const MAX_JOBS = 100;

/** What the page of recorded jobs is made of. */
export interface RecordedJobs {
  driver: string;
  counts: { queue: string; counts: Record<JobState, number> }[];
  jobs: Job[];
  /** The queue of the jobs; undefined for all queues. */
  queue?: string;
  pollMs: number;
  /** Ids of the failed jobs that the user may ask for again. */
  retryable: ReadonlySet<string>;
}

/** The content of the page of the queues and jobs in the database. */
export const recordedJobs = ({ driver, counts, jobs, queue, pollMs, retryable }: RecordedJobs) => ({
  title: queue === undefined ? 'Jobs' : `Jobs of queue ${queue}`,
  ...{ driver, counts },
  maximum: MAX_JOBS,
  refresh_s: Math.max(1, Math.round(pollMs / 1000)),
  jobs: jobs.map(({ id, queue, kind, state, attempts, worker, failureReason, ...times }) => ({
    ...{ id, queue, kind, state, attempts, worker },
    created: times.createdAt.toISOString(),
    started: times.startedAt?.toISOString(),
    ended: times.endedAt?.toISOString(),
    failure: failureReason,
    can_retry: retryable.has(id),
  })),
});
