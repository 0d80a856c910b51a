import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
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
import { RequestedForecastJobs } from './jobs/requested-forecast-jobs.service';
import { RequestedForecastJobHandler } from './jobs/requested-forecast.job';
import { RequestedForecasts } from './requests/requested-forecasts.service';
import { RequestedRegressorsService } from './requests/requested-regressors.service';

@Module({
  imports: [
    EventsModule,
    AccountsModule,
    AssetsModule,
    SensorsModule,
    BeliefsModule,
    JobsModule,
    ExtensionsModule,
  ],
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
    RequestedForecastJobHandler,
    RequestedForecastJobs,
    RequestedForecasts,
    RequestedRegressorsService,
  ],
  exports: [AccuracyService, ForecastingService, ForecastJobsService, RequestedForecastJobs],
})
export class ForecastingModule {}
