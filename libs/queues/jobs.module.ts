import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '#lib/events';
import { EmbeddedDriver } from './embedded-driver';
import { JobAnnouncements } from './job-announcements';
import { JobHandlers } from './job-handlers';
import { JobHousekeeping } from './job-housekeeping';
import { JobLimits } from './job-limits';
import { JobRunner } from './job-runner';
import { JobTaskRuns } from './job-task-runs';
import { Job } from './job.entity';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';

/** Recording and finding jobs, and the registry of handlers. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Job]), EventsModule],
  providers: [JobsRepository, JobLimits, JobsService, JobHandlers, JobRunner, JobTaskRuns, JobAnnouncements],
  exports: [JobsRepository, JobsService, JobHandlers, JobRunner, JobAnnouncements],
})
export class JobsModule {}

/** Runs jobs in this process, without Redis. */
@Module({ imports: [JobsModule], providers: [EmbeddedDriver, JobHousekeeping] })
export class EmbeddedJobsModule {}
