export { accuracyOf, type Accuracy } from './accuracy';
export { calendarOf, type Calendar } from './calendar';
export { KnownValues } from './known-values';
export { naiveForecast, type NaiveMethod } from './naive';
export type { ForecastData, RegularSeries } from './series';
export {
  forecastStep,
  prepare,
  trainModel,
  type PreparedSeries,
  type TrainedModel,
  type TrainingFailure,
  type TrainingOptions,
} from './training';
export { bandsOf, nextWidth, quantilesAround, type Bands } from './bands';
export {
  calculateForecasts,
  rollingForecasts,
  type ForecastMethod,
  type RollingForecasts,
  type RollingRequest,
} from './rolling';
