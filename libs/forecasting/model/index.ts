export { accuracyOf, type Accuracy } from './accuracy';
export { accuracyBySource, coverageOf, type SaidBefore, type SourceAccuracy } from './accuracy-by-source';
export { bandsOf, firstWidth, nextWidth, quantilesAround, type Bands } from './bands';
export { calendarOf, type Calendar } from './calendar';
export { readCustomForecasts, type CustomForecasts } from './custom-forecasts';
export { fixedForecasts, ladderOf, type FixedRequest, type Rung } from './fixed';
export {
  noForecasts,
  type FittedModel,
  type ForecastMethod,
  type Forecasts,
  type HorizonOptions,
} from './horizon-forecaster';
export { KnownValues } from './known-values';
export { naiveForecast, NAIVE_METHODS, type NaiveInputs, type NaiveMethod } from './naive';
export { rollingForecasts, type RollingRequest } from './rolling';
export { stepAt, stepStartMs, toRegularSeries, type ForecastData, type RegularSeries } from './series';
export { calculateForecasts, type ForecastTask } from './task';
export {
  forecastStep,
  prepareFor,
  trainModel,
  type ForecastModel,
  type PreparedSeries,
  type Scale,
  type TrainedModel,
  type TrainingFailure,
  type TrainingOptions,
} from './training';
