import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { InlineCalculator, SolverPool } from '#lib/solver';
import { CALCULATOR } from './calculations';
import { ScheduleJobsService } from './schedule-jobs.service';
import { ScheduleStore } from './schedule-store';
import { SiteInputs } from './site-inputs';
import { SiteScheduleJobs } from './site-schedule.job';
import { SiteSchedulingService } from './site-scheduling.service';
import { SiteSeries } from './site-series';
import { StorageInputs } from './storage-inputs';
import { StorageScheduleJobHandler } from './storage-schedule.job';
import { StorageSchedulingService } from './storage-scheduling.service';

@Module({
  imports: [AssetsModule, SensorsModule, BeliefsModule, JobsModule],
  providers: [
    {
      provide: CALCULATOR,
      inject: [{ token: SolverPool, optional: true }],
      useFactory: (pool?: SolverPool) => pool ?? new InlineCalculator(),
    },
    StorageSchedulingService,
    StorageScheduleJobHandler,
    ScheduleJobsService,
    StorageInputs,
    SiteSeries,
    SiteInputs,
    SiteSchedulingService,
    SiteScheduleJobs,
    ScheduleStore,
  ],
  exports: [
    SiteSchedulingService,
    SiteScheduleJobs,
    StorageSchedulingService,
    StorageScheduleJobHandler,
    ScheduleStore,
    ScheduleJobsService,
  ],
})
export class SchedulingModule {}
