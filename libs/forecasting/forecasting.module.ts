import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { PluginsModule } from '#lib/plugins';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { InlineCalculator, SolverPool } from '#lib/solver';
import { AccuracyService } from './accuracy/accuracy.service';
import { CALCULATOR } from './forecasts/calculations';
import { CustomForecasters } from './forecasts/custom-forecasters';
import { ForecastJobHandler } from './jobs/forecast.job';
import { ForecastJobsService } from './jobs/forecast-jobs.service';
import { ForecastInputs } from './inputs/forecast-inputs';
import { ForecastStore } from './forecasts/forecast-store';
import { ForecastingService } from './forecasts/forecasting.service';
import { ModelCache } from './forecasts/model-cache';
import { RegressorsService } from './inputs/regressors.service';

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
