export type { JobState } from './job-state';
export { QUEUES, SCHEDULING_QUEUE, STORAGE_SCHEDULE_JOB } from './queue-names';
export { parseStorageScheduleJob, type StorageScheduleJob } from './storage-schedule-job';
