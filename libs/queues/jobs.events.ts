import { defineEvent } from '#lib/events';

/** Identifies a job in events. */
export interface JobEvent {
  id: string;
  queue: string;
  kind: string;
}

/** A job was recorded and waits for a worker. */
export const JOB_QUEUED = defineEvent<JobEvent>('job.queued');

/** A worker started an attempt to run a job. */
export const JOB_STARTED = defineEvent<JobEvent & { worker: string; attempts: number }>('job.started');

/** A job waits for another attempt after a transient failure. */
export const JOB_POSTPONED = defineEvent<JobEvent & { delayMs: number }>('job.postponed');

/** A job succeeded and its outcome is stored. */
export const JOB_FINISHED = defineEvent<JobEvent>('job.finished');

/** A job failed and will not be tried again. */
export const JOB_FAILED = defineEvent<JobEvent & { reason: string }>('job.failed');
