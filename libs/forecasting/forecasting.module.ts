import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { PluginsModule } from '#lib/plugins';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { InlineCalculator, SolverPool } from '#lib/solver';
import { AccuracyService } from './accuracy.service';
import { CALCULATOR } from './calculations';
import { CustomForecasters } from './custom-forecasters';
import { ForecastJobHandler } from './forecast.job';
import { ForecastJobsService } from './forecast-jobs.service';
import { ForecastInputs } from './forecast-inputs';
import { ForecastStore } from './forecast-store';
import { ForecastingService } from './forecasting.service';
import { ModelCache } from './model-cache';
import { RegressorsService } from './regressors.service';

@Module({
  imports: [SensorsModule, BeliefsModule, JobsModule, PluginsModule],
  providers: [
    {
      provide: CALCULATOR,
      inject: [{ token: SolverPool, optional: true }],
      useFactory: (pool?: SolverPool) => pool ?? new InlineCalculator(),
    },
    AccuracyService,
    ForecastingService,
    ForecastInputs,
    RegressorsService,
    ModelCache,
    CustomForecasters,
    ForecastStore,
    ForecastJobHandler,
    ForecastJobsService,
  ],
  exports: [AccuracyService, ForecastingService, ForecastJobsService],
})
export class ForecastingModule {}
