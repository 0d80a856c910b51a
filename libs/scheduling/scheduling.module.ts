import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { InlineCalculator, SolverPool } from '#lib/compute';
import { EventsModule } from '#lib/events';
import { ExtensionsModule } from '#lib/extensions';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { CustomSchedulers } from './custom/custom-schedulers';
import { SiteInputs } from './inputs/site-inputs';
import { FinishedSchedules } from './jobs/finished-schedules';
import { ScheduleJobsService } from './jobs/schedule-jobs.service';
import { ScheduleJobHandler } from './jobs/schedule.job';
import { CALCULATOR } from './schedules/calculations';
import { SchedulePreviews } from './schedules/schedule-previews.service';
import { ScheduleRecorder } from './schedules/schedule-recorder';
import { SiteSchedulingService } from './schedules/site-scheduling.service';
import { ScheduleStore } from './store/schedule-store';
import { FlexibilityChecks } from './stored/flexibility-checks.service';
import { FlexibilityPruning } from './stored/flexibility-pruning.service';
import { InheritedFlexibility } from './stored/inherited-flexibility.service';
import { StoredFlexibility } from './stored/stored-flexibility.service';

@Module({
  imports: [AssetsModule, SensorsModule, BeliefsModule, EventsModule, JobsModule, ExtensionsModule],
  providers: [
    {
      provide: CALCULATOR,
      inject: [{ token: SolverPool, optional: true }],
      useFactory: (pool?: SolverPool) => pool ?? new InlineCalculator(),
    },
    CustomSchedulers,
    FlexibilityChecks,
    FlexibilityPruning,
    InheritedFlexibility,
    SiteInputs,
    SiteSchedulingService,
    ScheduleJobHandler,
    FinishedSchedules,
    ScheduleJobsService,
    SchedulePreviews,
    ScheduleRecorder,
    ScheduleStore,
    StoredFlexibility,
  ],
  exports: [
    FlexibilityChecks,
    InheritedFlexibility,
    SiteSchedulingService,
    ScheduleJobHandler,
    FinishedSchedules,
    ScheduleJobsService,
    SchedulePreviews,
    ScheduleStore,
    StoredFlexibility,
  ],
})
export class SchedulingModule {}
