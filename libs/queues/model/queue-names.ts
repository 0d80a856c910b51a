/** Queue of schedules to compute. */
export const SCHEDULING_QUEUE = 'scheduling';

/** All queues. */
export const QUEUES = [SCHEDULING_QUEUE];

/** Kind of job on the scheduling queue: a schedule for one storage device. */
export const STORAGE_SCHEDULE_JOB = 'storage-schedule';
