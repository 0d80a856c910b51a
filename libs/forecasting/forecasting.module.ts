import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { InlineCalculator, SolverPool } from '#lib/solver';
import { CALCULATOR } from './calculations';
import { ForecastJobHandler } from './forecast.job';
import { ForecastJobsService } from './forecast-jobs.service';
import { ForecastInputs } from './forecast-inputs';
import { ForecastStore } from './forecast-store';
import { ForecastingService } from './forecasting.service';

@Module({
  imports: [SensorsModule, BeliefsModule, JobsModule],
  providers: [
    {
      provide: CALCULATOR,
      inject: [{ token: SolverPool, optional: true }],
      useFactory: (pool?: SolverPool) => pool ?? new InlineCalculator(),
    },
    ForecastingService,
    ForecastInputs,
    ForecastStore,
    ForecastJobHandler,
    ForecastJobsService,
  ],
  exports: [ForecastingService, ForecastJobsService],
})
export class ForecastingModule {}
