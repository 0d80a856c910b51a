import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { JobsModule } from '#lib/queues';
import { PluginsModule } from '#lib/plugins';
import { SensorsModule } from '#lib/sensors';
import { InlineCalculator, SolverPool } from '#lib/solver';
import { CALCULATOR } from './schedules/calculations';
import { CustomSchedulers } from './custom/custom-schedulers';
import { ScheduleJobsService } from './jobs/schedule-jobs.service';
import { ScheduleStore } from './store/schedule-store';
import { ScheduleJobHandler } from './jobs/schedule.job';
import { SiteInputs } from './inputs/site-inputs';
import { SiteSchedulingService } from './schedules/site-scheduling.service';

@Module({
  imports: [AssetsModule, SensorsModule, BeliefsModule, JobsModule, PluginsModule],
  providers: [
    {
      provide: CALCULATOR,
      inject: [{ token: SolverPool, optional: true }],
      useFactory: (pool?: SolverPool) => pool ?? new InlineCalculator(),
    },
    CustomSchedulers,
    SiteInputs,
    SiteSchedulingService,
    ScheduleJobHandler,
    ScheduleJobsService,
    ScheduleStore,
  ],
  exports: [SiteSchedulingService, ScheduleJobHandler, ScheduleJobsService, ScheduleStore],
})
export class SchedulingModule {}
