export { parseStorageScheduleJob, type StorageScheduleJob } from './storage-schedule-job';
export { QUEUES, SCHEDULING_QUEUE, STORAGE_SCHEDULE_JOB } from './queue-names';
export { QueuesModule } from './queues.module';
