export { AccuracyService, type AccuracyRequest, type ForecastAccuracy } from './accuracy.service';
export { ForecastingModule } from './forecasting.module';
export {
  ForecastingService,
  type FixedForecastRequest,
  type ForecastReport,
  type ForecastRequest,
} from './forecasting.service';
export { FORECAST_STORED } from './forecasts.events';
export { ForecastJobsService } from './forecast-jobs.service';
export type { ForecastJobResult } from './forecast.job';
