export { ForecastingModule } from './forecasting.module';
export { ForecastingService, type ForecastReport, type ForecastRequest } from './forecasting.service';
