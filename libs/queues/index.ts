export * from './model';
export { JobHandlers, type JobHandler, type StoreOutcome } from './job-handlers';
export { JobHousekeeping } from './job-housekeeping';
export { JobRunner, type JobOutcome } from './job-runner';
export { Job } from './job.entity';
export { EmbeddedJobsModule, JobsModule } from './jobs.module';
export { JobsRepository } from './jobs.repository';
export { JobsService } from './jobs.service';
