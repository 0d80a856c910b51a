import { defineEvent } from '#lib/events';

/** A job, and what it is for. */
export interface JobEvent {
  id: string;
  queue: string;
  kind: string;
}

/** A job was recorded, to be done. */
export const JOB_QUEUED = defineEvent<JobEvent>('job.queued');

/** A worker has begun a job, not necessarily for the first time. */
export const JOB_STARTED = defineEvent<JobEvent & { worker: string; attempts: number }>('job.started');

/** A job waits for another attempt, because the last one failed in a way that passes. */
export const JOB_POSTPONED = defineEvent<JobEvent & { delayMs: number }>('job.postponed');

/** A job has stored its outcome. */
export const JOB_FINISHED = defineEvent<JobEvent>('job.finished');

/** A job will not be done. */
export const JOB_FAILED = defineEvent<JobEvent & { reason: string }>('job.failed');
