import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InProcessDriver } from './in-process-driver';
import { JobHandlers } from './job-handlers';
import { Job } from './job.entity';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';

/** Jobs in the database: taken in, looked up, and handlers for them. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Job])],
  providers: [JobsRepository, JobsService, JobHandlers],
  exports: [JobsRepository, JobsService, JobHandlers],
})
export class JobsModule {}

/** Does the jobs of this process in this process. */
@Module({ imports: [JobsModule], providers: [InProcessDriver] })
export class InProcessJobsModule {}
