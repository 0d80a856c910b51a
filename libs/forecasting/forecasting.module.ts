import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { EventsModule } from '#lib/events';
import { PluginsModule } from '#lib/plugins';
import { JobsModule } from '#lib/queues';
import { SensorsModule } from '#lib/sensors';
import { InlineCalculator, SolverPool } from '#lib/solver';
import { AccuracyService } from './accuracy.service';
import { CALCULATOR } from './calculations';
import { CustomForecasters } from './custom-forecasters';
import { ForecastJobHandler } from './forecast.job';
import { ForecastsAfterData } from './forecasts-after-data';
import { ForecastJobsService } from './forecast-jobs.service';
import { ForecastInputs } from './forecast-inputs';
import { ForecastStore } from './forecast-store';
import { ForecastingService } from './forecasting.service';
import { ModelCache } from './model-cache';
import { ModelCacheUpdates } from './model-cache-updates';
import { RegressorsService } from './regressors.service';

@Module({
  imports: [EventsModule, AssetsModule, SensorsModule, BeliefsModule, JobsModule, PluginsModule],
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
