export { ForecastingModule } from './forecasting.module';
export { ForecastingService, type ForecastReport, type ForecastRequest } from './forecasting.service';
export { ForecastJobsService, type PostedWindow } from './forecast-jobs.service';
export type { ForecastJobResult } from './forecast.job';
