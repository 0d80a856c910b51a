import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { HighsSolver } from '#lib/solver';
import { ScheduleStore } from './schedule-store';
import { SiteSeries } from './site-series';
import { StorageInputs } from './storage-inputs';
import { SOLVER, StorageSchedulingService } from './storage-scheduling.service';

@Module({
  imports: [AssetsModule, SensorsModule, BeliefsModule],
  providers: [
    { provide: SOLVER, useFactory: () => new HighsSolver() },
    StorageSchedulingService,
    StorageInputs,
    SiteSeries,
    ScheduleStore,
  ],
  exports: [StorageSchedulingService],
})
export class SchedulingModule {}
