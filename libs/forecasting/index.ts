export { AccuracyService, type AccuracyRequest, type ForecastAccuracy } from './accuracy/accuracy.service';
export { ForecastingModule } from './forecasting.module';
export {
  ForecastingService,
  type FixedForecastRequest,
  type ForecastReport,
  type ForecastRequest,
} from './forecasts/forecasting.service';
export { ForecastJobsService } from './jobs/forecast-jobs.service';
export { regressorReferences } from './inputs/regressors.service';
export { FORECAST_STORED } from './forecasts/forecasts.events';
export type { ForecastJobResult } from './jobs/forecast.job';
export { FORECAST_JOB, parseForecastJob, type ForecastJob } from './jobs/forecast-job';
export {
  RequestedForecastJobs,
  type ForecastTrigger,
  type RequestedForecastState,
} from './jobs/requested-forecast-jobs.service';
export {
  referencedSensors,
  REQUESTED_FORECAST_JOB,
  type AnnotationRegressor,
  type ForecastConfig,
  type RegressorReference,
  type RequestedForecast,
} from './requests/requested-forecast';
