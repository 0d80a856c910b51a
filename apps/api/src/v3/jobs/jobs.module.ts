import { Module } from '@nestjs/common';
import { SensorsModule } from '#lib/sensors';
import { JobsController } from './jobs.controller';
import { ReadableJobs } from './readable-jobs.service';

/** HTTP endpoint of jobs. */
@Module({
  imports: [SensorsModule],
  controllers: [JobsController],
  providers: [ReadableJobs],
  exports: [ReadableJobs],
})
export class JobsApiModule {}
