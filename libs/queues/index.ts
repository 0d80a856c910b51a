export * from './model';
export { JobAnnouncements } from './job-announcements';
export { JobHandlers, type JobHandler, type StoreOutcome } from './job-handlers';
export { JobHousekeeping } from './job-housekeeping';
export { JobRunner, type JobOutcome } from './job-runner';
export { Job } from './job.entity';
export {
  JOB_FAILED,
  JOB_FINISHED,
  JOB_POSTPONED,
  JOB_QUEUED,
  JOB_STARTED,
  type JobEvent,
} from './jobs.events';
export { EmbeddedJobsModule, JobsModule } from './jobs.module';
export { JobsRepository, type EndedJob, type JobFilter } from './jobs.repository';
export { JobsService, type JobOwner } from './jobs.service';
