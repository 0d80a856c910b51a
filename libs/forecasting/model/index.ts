export { computeAccuracy, type Accuracy } from './accuracy/accuracy';
export {
  accuracyBySource,
  computeCoverage,
  type ForecastColumns,
  type SourceAccuracy,
} from './accuracy/accuracy-by-source';
export {
  fitPredictionIntervals,
  initialWidthFactor,
  adaptWidthFactor,
  quantilesAround,
  type PredictionIntervals,
} from './fitting/prediction-intervals';
export { buildCalendar, type Calendar } from './series/calendar';
export { readCustomForecasts, type CustomForecasts } from './forecasters/custom-forecasts';
export { fixedForecasts, selectHorizons, type FixedRequest, type HorizonInputs } from './forecasters/fixed';
export {
  noForecasts,
  type FittedModel,
  type ForecastMethod,
  type Forecasts,
  type HorizonOptions,
} from './forecasters/horizon-forecaster';
export { explainSnap, postProcess, type PostProcessing, type Snap } from './forecasters/post-processing';
export { planViewpoints, type ForecastWindow, type Viewpoint } from './forecasters/viewpoints';
export { laggedRegressors, missingShare, periodsOnSteps } from './series/requested-inputs';
export { KnownValues } from './series/known-values';
export { naiveForecast, NAIVE_METHODS, type NaiveInputs, type NaiveMethod } from './fitting/naive';
export { rollingForecasts, type RollingRequest } from './forecasters/rolling';
export {
  stepAt,
  stepStartMs,
  toRegularSeries,
  type ForecastData,
  type RegularSeries,
  type StepGrid,
} from './series/series';
export { calculateForecasts, type ForecastTask } from './forecasters/task';
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
} from './fitting/training';
