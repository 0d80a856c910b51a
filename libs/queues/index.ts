export * from './model';
export { JobHandlers, type JobHandler } from './job-handlers';
export { Job } from './job.entity';
export { InProcessJobsModule, JobsModule } from './jobs.module';
export { JobsService } from './jobs.service';
