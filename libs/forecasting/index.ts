export { AccuracyService, type AccuracyRequest, type ForecastAccuracy } from './accuracy.service';
export { ForecastingModule } from './forecasting.module';
export {
  ForecastingService,
  type FixedForecastRequest,
  type ForecastReport,
  type ForecastRequest,
} from './forecasting.service';
export { ForecastJobsService, type PostedWindow } from './forecast-jobs.service';
export { regressorReferences } from './regressors.service';
export type { ForecastJobResult } from './forecast.job';
