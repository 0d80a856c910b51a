import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { DAY_MS, HOUR_MS, parseDurationMs, parseInstant } from '#lib/time';
import { quantityTo, UnitError } from '#lib/units';
import { explainSnap, type ForecastWindow, type PostProcessing, type Snap } from '../model';
import type { ForecastConfig, RequestedForecast } from './requested-forecast';

/** Times of a request, epoch milliseconds, and durations in milliseconds. */
export interface RequestedTimes extends ForecastWindow {
  /** Data that was recorded later is not used. */
  knownAtMs: number;
  /** Belief time of the first viewpoint. */
  beliefTimeMs: number;
  /** Length of the training data before the first viewpoint. */
  historyMs: number;
  /** Time after which new models are fitted. */
  refitMs: number;
}

const DEFAULT_TRAINING_MS = 90 * DAY_MS;
const MIN_TRAINING_MS = 2 * DAY_MS;
const MAX_TRAINING_MS = 366 * DAY_MS;
const MIN_RETRAINING_MS = HOUR_MS;
/** Largest number of steps of the training data. */
const MAX_TRAINING_STEPS = 1_000_000;
/** Largest number of values that one request may forecast. */
const MAX_FORECASTS = 200_000;
const MAX_HORIZON_MS = 31 * DAY_MS;
const MAX_VIEWPOINTS = 1_000;

/**
 * The times of a request.
 * @throws DomainError INVALID_OPTION with the field
 */
export function readTimes(request: RequestedForecast, { eventResolutionMs }: Sensor): RequestedTimes {
  const startMs = parseInstant(request.start);
  const times = {
    startMs,
    endMs: parseInstant(request.end),
    frequencyMs: parseDurationMs(request.frequency),
    maxHorizonMs: parseDurationMs(request.maxHorizon),
    // In a simulation of the future, measurements have belief times after the request.
    knownAtMs: request.prior ? parseInstant(request.prior) : Math.max(startMs, parseInstant(request.askedAt)),
    beliefTimeMs: parseInstant(request.beliefTime),
  };
  checkWindow(times, eventResolutionMs);
  const historyMs = readTraining(request.config, times.startMs);
  if (historyMs / eventResolutionMs > MAX_TRAINING_STEPS)
    throw invalid('config.train-period', `Must not have more than ${MAX_TRAINING_STEPS} events.`);
  const { retrainFrequency } = request.config;
  const refitMs = retrainFrequency === undefined ? DAY_MS : parseDurationMs(retrainFrequency);
  if (refitMs < MIN_RETRAINING_MS) throw invalid('config.retrain-frequency', 'Must be at least PT1H.');
  return { ...times, historyMs, refitMs };
}

/** @throws DomainError INVALID_OPTION with the field */
function checkWindow({ startMs, endMs, frequencyMs, maxHorizonMs }: ForecastWindow, stepMs: number): void {
  if (endMs - startMs < stepMs) throw invalid('end', 'The window must contain at least one event.');
  if (maxHorizonMs <= 0 || maxHorizonMs % stepMs !== 0)
    throw invalid('max-forecast-horizon', 'Must be a multiple of the resolution of the sensor.');
  if (frequencyMs <= 0 || frequencyMs % stepMs !== 0)
    throw invalid('forecast-frequency', 'Must be a multiple of the resolution of the sensor.');
  if (maxHorizonMs > MAX_HORIZON_MS)
    throw invalid('max-forecast-horizon', 'Forecasts can reach at most 31 days ahead of their viewpoint.');
  if (maxHorizonMs < Math.min(frequencyMs, endMs - startMs))
    throw invalid(
      'max-forecast-horizon',
      'Must not be shorter than forecast-frequency: some events would have no forecast.',
    );
  const viewpoints = Math.ceil((endMs - startMs) / frequencyMs);
  if (viewpoints > MAX_VIEWPOINTS)
    throw invalid('forecast-frequency', `There must not be more than ${MAX_VIEWPOINTS} viewpoints.`);
  if ((viewpoints * Math.min(maxHorizonMs, endMs - startMs)) / stepMs > MAX_FORECASTS)
    throw invalid('duration', `One request can make at most ${MAX_FORECASTS} forecasts.`);
}

/** Length of the training data before a time. @throws DomainError INVALID_OPTION with the field */
function readTraining(
  { trainStart, trainPeriod, maxTrainingPeriod }: ForecastConfig,
  startMs: number,
): number {
  const maxMs = maxTrainingPeriod === undefined ? MAX_TRAINING_MS : parseDurationMs(maxTrainingPeriod);
  if (maxMs < MIN_TRAINING_MS) throw invalid('config.max-training-period', 'Must be at least P2D.');
  if (trainStart !== undefined) {
    const sinceMs = startMs - parseInstant(trainStart);
    if (sinceMs < MIN_TRAINING_MS)
      throw invalid('config.train-start', 'Must be at least two days before start.');
    return Math.min(sinceMs, maxMs, MAX_TRAINING_MS);
  }
  const periodMs = trainPeriod === undefined ? DEFAULT_TRAINING_MS : parseDurationMs(trainPeriod);
  if (periodMs < MIN_TRAINING_MS) throw invalid('config.train-period', 'Must be at least P2D.');
  return Math.min(periodMs, maxMs, MAX_TRAINING_MS);
}

/**
 * The bounds and intervals of a request in the unit of the sensor.
 * @throws DomainError INVALID_OPTION with the field
 */
export function readPostProcessing(
  { lower, upper, snap = {} }: ForecastConfig,
  sensor: Sensor,
): PostProcessing {
  const { unit, eventResolutionMs } = sensor;
  const read = (given: number | string, field: string): number => {
    if (typeof given === 'number') return given;
    try {
      return quantityTo(given, unit, { defaultUnit: unit, eventResolutionMs });
    } catch (error) {
      if (error instanceof UnitError) throw invalid(field, error.message);
      throw error;
    }
  };
  const bounds = {
    lower: lower === undefined ? undefined : read(lower, 'config.lower'),
    upper: upper === undefined ? undefined : read(upper, 'config.upper'),
  };
  if (bounds.lower !== undefined && bounds.upper !== undefined && bounds.lower > bounds.upper)
    throw invalid('config.lower', 'Must not be above upper.');
  const snaps = Object.entries(snap).map(([target, [first, second]]): Snap => {
    const one: Snap = {
      target: read(target, 'config.snap'),
      interval: [read(first, 'config.snap'), read(second, 'config.snap')],
    };
    const reason = explainSnap(one);
    if (reason !== undefined) throw invalid('config.snap', reason);
    return one;
  });
  return { ...bounds, snaps };
}

/** Names of fields in requests that a custom forecaster does not know. */
const FIELDS_OF_MODELS: [keyof ForecastConfig, string][] = [
  ['model', 'model'],
  ['pastRegressors', 'past-regressors'],
  ['futureRegressors', 'future-regressors'],
  ['regressors', 'regressors'],
  ['annotationRegressors', 'annotation-regressors'],
  ['trainStart', 'train-start'],
  ['trainPeriod', 'train-period'],
  ['maxTrainingPeriod', 'max-training-period'],
  ['retrainFrequency', 'retrain-frequency'],
];

/**
 * Rejects fields that only the models of this server know, for a sensor with a custom forecaster.
 * @throws DomainError INVALID_OPTION with the field
 */
export function checkCustomConfig(config: ForecastConfig): void {
  const given = FIELDS_OF_MODELS.find(([name]) => config[name] !== undefined);
  if (given)
    throw invalid(`config.${given[1]}`, 'The custom forecaster of the sensor does not know this field.');
}

/** Every viewpoint reads the regressors anew. */
const MAX_VIEWPOINTS_WITH_REGRESSORS = 200;

/** @throws DomainError INVALID_OPTION if a request with regressors has too many viewpoints */
export function checkViewpoints({ startMs, endMs, frequencyMs }: ForecastWindow): void {
  if (Math.ceil((endMs - startMs) / frequencyMs) <= MAX_VIEWPOINTS_WITH_REGRESSORS) return;
  const reason = `There must not be more than ${MAX_VIEWPOINTS_WITH_REGRESSORS} viewpoints with regressors.`;
  throw invalid('forecast-frequency', reason);
}

const invalid = (field: string, reason: string): DomainError =>
  new DomainError('INVALID_OPTION', reason, field);
