import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { InlineCalculator, SolverPool } from '#lib/compute';
import { EventsModule } from '#lib/events';
import { ExtensionsModule } from '#lib/extensions';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { AccuracyService } from './accuracy/accuracy.service';
import { CALCULATOR } from './forecasts/calculations';
import { CustomForecasters } from './forecasts/custom-forecasters';
import { ForecastStore } from './forecasts/forecast-store';
import { ForecastingService } from './forecasts/forecasting.service';
import { ModelCache } from './forecasts/model-cache';
import { ModelCacheUpdates } from './forecasts/model-cache-updates';
import { ForecastInputs } from './inputs/forecast-inputs';
import { RegressorsService } from './inputs/regressors.service';
import { ForecastJobsService } from './jobs/forecast-jobs.service';
import { ForecastJobHandler } from './jobs/forecast.job';
import { ForecastsAfterData } from './jobs/forecasts-after-data';

@Module({
  imports: [EventsModule, AssetsModule, SensorsModule, BeliefsModule, JobsModule, ExtensionsModule],
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
    ModelCacheUpdates,
    CustomForecasters,
    ForecastStore,
    ForecastJobHandler,
    ForecastJobsService,
    ForecastsAfterData,
  ],
  exports: [AccuracyService, ForecastingService, ForecastJobsService],
})
export class ForecastingModule {}
