import { buildCalendar, type Calendar } from '../series/calendar';
import { KnownValues } from '../series/known-values';
import type { ForecastData, RegularSeries } from '../series/series';
import { Features } from './features';
import { naiveForecast, type NaiveMethod } from './naive';
import { fromScale, IDENTITY, findSign, toScale, type Transform } from './power-transform';
import { evaluate, Regression, type LinearModel, type Table } from './regression';

/** A linear model of one series for one horizon, ready to forecast. */
export interface ForecastModel {
  horizonSteps: number;
  scale: Scale;
  linear: LinearModel;
  /** The naive forecast that is blended with the forecasts of the model, if any. */
  naiveBlend: NaiveBlend | undefined;
  /** Smallest and largest allowed forecast. */
  bounds: { lowest: number; highest: number };
}

/** A model and its validation. */
export interface TrainedModel extends ForecastModel {
  /** Forecasts and errors on validation steps, for `fitPredictionIntervals`. */
  validation: { targets: Int32Array; forecasts: Float64Array; errors: Float64Array };
  /** Number of steps that the model was fitted to. */
  rows: number;
}

/** A blend of the forecast of a model with a naive forecast. */
export interface NaiveBlend {
  method: NaiveMethod;
  /** Weight of the naive forecast, in (0, 1]. */
  weight: number;
}

/** The reason why no model can be fitted, as a sentence. */
export interface TrainingFailure {
  failure: string;
}

export interface TrainingOptions {
  horizonSteps: number;
  /** Index of the last known step. */
  lastKnownStep: number;
  /** Maximum number of steps of training data before that. */
  historySteps: number;
}

/** Candidate ridge penalties. */
const PENALTIES = [0.0003, 0.003, 0.03, 0.3];
/** Maximum number of rows for fitting: more rows are slower, but not better. */
const MAX_ROWS = 2_000;
const MIN_ROWS = 60;
/** Share of the rows, the latest ones, for comparing candidates. */
const VALIDATION_PART = 0.25;
const REWEIGHTING_ROUNDS = 3;
/** How far forecasts may be outside the range of the training data, relative to the range. */
const BOUNDS_MARGIN = 0.3;
/** Longest gap that is interpolated, in steps. */
const MAX_GAP_STEPS = 6;

/** The scale of a series: its transform and its sign. */
export interface Scale {
  transform: Transform;
  /** 1 or -1 if no value of the training data has the other sign, else 0. */
  sign: -1 | 0 | 1;
}

/** A transformed series with its features. */
export interface PreparedSeries {
  series: RegularSeries;
  scale: Scale;
  features: Features;
  known: KnownValues;
  calendar: Calendar;
}

/** Prepares a series in the scale of a model. */
export const prepareFor = (
  { scale, horizonSteps }: ForecastModel,
  data: ForecastData,
  calendar?: Calendar,
): PreparedSeries => prepare(data, scale, horizonSteps, calendar);

/** Prepares a series in a scale. */
function prepare(
  data: ForecastData,
  scale: Scale,
  horizonSteps: number,
  calendar: Calendar = buildCalendar(data, calendarLength(data)),
): PreparedSeries {
  const { series, regressors = [] } = data;
  const { transform, sign } = scale;
  const values =
    transform.name === 'identity' ? series.values : series.values.map((value) => toScale(transform, value));
  const known = new KnownValues(values, MAX_GAP_STEPS);
  const isScalable = transform.name === 'identity' && sign !== 0;
  const features = new Features({ series, known, calendar, regressors, isScalable }, horizonSteps);
  return { series, scale, features, known, calendar };
}

/** Number of steps of the calendar: those of the series plus two weeks, and those of the regressors. */
export function calendarLength({ series, regressors = [] }: ForecastData): number {
  const twoWeeks = Math.ceil((14 * 86_400_000) / series.stepMs);
  return Math.max(series.values.length + twoWeeks, ...regressors.map(({ length }) => length));
}

/**
 * Fits a linear model on lags, calendar and regressors. The candidates are combinations of scale (plain or Box-Cox),
 * penalty and loss (squared or absolute errors). The candidate with the smallest error on the latest quarter of the history
 * is chosen and fitted to the whole history.
 */
export function trainModel(
  data: ForecastData,
  options: TrainingOptions,
  calendar: Calendar = buildCalendar(data, calendarLength(data)),
): TrainedModel | TrainingFailure {
  const { horizonSteps, lastKnownStep } = options;
  const end = Math.max(0, lastKnownStep + 1);
  const history = data.series.values.subarray(Math.max(0, end - options.historySteps), end);
  const range = findRange(history);
  if (!range) return { failure: 'No value is known.' };
  const candidates = candidateScales(history).map((scale) => {
    const prepared = prepare(data, scale, horizonSteps, calendar);
    return { prepared, rows: collectRows(data, prepared, options) };
  });
  const count = candidates[0]!.rows.targets.length;
  if (count < MIN_ROWS) {
    return { failure: `Only ${count} values can be used for training; at least ${MIN_ROWS} are needed.` };
  }
  const bounds = computeBounds(range, findSign(history));
  const best = candidates
    .map(({ prepared, rows }) => selectBest(prepared.scale, rows, bounds))
    .reduce((one, other) => (other.error < one.error ? other : one));
  const { rows, prepared } = candidates.find(({ prepared: { scale } }) => scale === best.scale)!;
  const { naiveBlend, validation } = chooseBlend(best.validation, prepared);
  return {
    horizonSteps,
    scale: best.scale,
    linear: best.fit(rows),
    naiveBlend,
    bounds,
    validation,
    rows: count,
  };
}

/** The forecast of a model for one step; NaN if too little is known. @param prepared from `prepareFor` */
export function forecastStep(
  { scale, linear, naiveBlend, bounds }: ForecastModel,
  prepared: PreparedSeries,
  target: number,
  scratch: Float64Array,
): number {
  prepared.features.write(target, scratch, 0);
  const byModel = clamp(fromScale(scale.transform, evaluate(linear, scratch)), bounds);
  if (!naiveBlend) return byModel;
  return clamp(
    blend(byModel, naiveForecastOf(naiveBlend.method, prepared, target), naiveBlend.weight),
    bounds,
  );
}

/** The naive forecast of a step, in the unit of the series. */
const naiveForecastOf = (
  method: NaiveMethod,
  { series, scale, features, ...prepared }: PreparedSeries,
  target: number,
) =>
  fromScale(
    scale.transform,
    naiveForecast(method, { ...prepared, stepMs: series.stepMs }, target, features.horizonSteps),
  );

/** Weighted mean of a forecast and a naive forecast; the forecast if there is no naive forecast. */
const blend = (forecast: number, other: number, weight: number): number =>
  Number.isNaN(other) ? forecast : (1 - weight) * forecast + weight * other;

interface Rows {
  targets: Int32Array;
  table: Table;
  /** Transformed values. */
  outcomes: Float64Array;
  /** Values in the unit of the series. */
  values: Float64Array;
}

/** Features and outcomes of the steps without unknown features; of long series only every n-th step. */
function collectRows(data: ForecastData, prepared: PreparedSeries, options: TrainingOptions): Rows {
  const { features, scale } = prepared;
  const { values } = data.series;
  const first = Math.max(findFirstKnown(values), options.lastKnownStep + 1 - options.historySteps);
  const stride = computeStride(options.lastKnownStep + 1 - first, data.series.stepMs);
  const room = Math.ceil((options.lastKnownStep + 1 - first) / stride);
  const rows = new Float64Array(room * features.count);
  const targets = new Int32Array(room);
  let count = 0;
  for (let target = options.lastKnownStep; target >= first; target -= stride) {
    if (Number.isNaN(values[target]!)) continue;
    features.write(target, rows, count * features.count);
    if (hasNan(rows, count * features.count, features.count)) continue;
    targets[count++] = target;
  }
  // Oldest first, so that the validation rows are the last ones.
  const order = Array.from({ length: count }, (_, i) => count - 1 - i);
  const table = new Float64Array(count * features.count);
  order.forEach((from, to) =>
    table.set(rows.subarray(from * features.count, (from + 1) * features.count), to * features.count),
  );
  const known = Float64Array.from(order, (i) => values[targets[i]!]!);
  return {
    targets: Int32Array.from(order, (i) => targets[i]!),
    table: { rows: count, columns: features.count, data: table },
    outcomes: known.map((value) => toScale(scale.transform, value)),
    values: known,
  };
}

/** Index of the first known value; 0 if there is none. */
const findFirstKnown = (values: Float64Array): number =>
  Math.max(
    0,
    values.findIndex((value) => !Number.isNaN(value)),
  );

/** A stride that limits the number of rows and covers all times of the day. */
function computeStride(steps: number, stepMs: number): number {
  const perDay = Math.max(1, Math.round(86_400_000 / stepMs));
  let stride = Math.max(1, Math.ceil(steps / MAX_ROWS));
  while (stride > 1 && greatestCommonDivisor(stride, perDay) > 1) stride++;
  return stride;
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

interface Candidate {
  scale: Scale;
  fit: (rows: Pick<Rows, 'table' | 'outcomes'>) => LinearModel;
  /** Mean absolute error over the validation rows. */
  error: number;
  validation: TrainedModel['validation'];
}

/** The candidate with the smallest validation error in one scale. */
function selectBest(scale: Scale, rows: Rows, bounds: ForecastModel['bounds']): Candidate {
  const { columns, data } = rows.table;
  const split = Math.floor(rows.table.rows * (1 - VALIDATION_PART));
  const early = sliceRows(rows, 0, split);
  const validate = (linear: LinearModel, fit: Candidate['fit']): Candidate => {
    const forecasts = new Float64Array(rows.table.rows - split);
    for (let i = split; i < rows.table.rows; i++)
      forecasts[i - split] = clamp(fromScale(scale.transform, evaluate(linear, data, i * columns)), bounds);
    const errors = forecasts.map((forecast, i) => rows.values[split + i]! - forecast);
    const error = errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length;
    return {
      scale,
      fit,
      error,
      validation: { targets: rows.targets.subarray(split), forecasts, errors },
    };
  };
  const squared = fitLeastSquares(early, PENALTIES).map((linear, i) =>
    validate(linear, (all) => fitLeastSquares(all, [PENALTIES[i]!])[0]!),
  );
  const best = squared.reduce((one, other) => (other.error < one.error ? other : one));
  const penalty = PENALTIES[squared.indexOf(best)]!;
  const byAbsolute = validate(fitLeastAbsolute(early, penalty), (all) => fitLeastAbsolute(all, penalty));
  return byAbsolute.error < best.error ? byAbsolute : best;
}

type TrainingData = Pick<Rows, 'table' | 'outcomes'>;

function sliceRows(
  { table: { columns, data }, outcomes }: TrainingData,
  from: number,
  until: number,
): TrainingData {
  return {
    table: { rows: until - from, columns, data: data.subarray(from * columns, until * columns) },
    outcomes: outcomes.subarray(from, until),
  };
}

const fitLeastSquares = ({ table, outcomes }: TrainingData, penalties: readonly number[]): LinearModel[] =>
  new Regression(table, outcomes).leastSquares(penalties);

const fitLeastAbsolute = ({ table, outcomes }: TrainingData, penalty: number): LinearModel =>
  new Regression(table, outcomes).leastAbsolute(penalty, REWEIGHTING_ROUNDS);

const BLEND_METHODS: NaiveMethod[] = ['last-value', 'same-time-yesterday', 'same-time-last-week'];
const BLEND_WEIGHTS = [0.2, 0.4];
/**
 * A blend is used if it increases the validation error by less than this factor. Seasons change, and means of forecasts have
 * smaller errors than the forecasts (Bates and Granger, "The Combination of Forecasts", 1969).
 */
const BLEND_TOLERANCE = 1.02;

/** Chooses the naive forecast and the weight that give the smallest validation error. */
function chooseBlend(
  validation: TrainedModel['validation'],
  prepared: PreparedSeries,
): Pick<TrainedModel, 'naiveBlend' | 'validation'> {
  const values = validation.forecasts.map((forecast, i) => forecast + validation.errors[i]!);
  let best: { naiveBlend: NaiveBlend | undefined; forecasts: Float64Array } = {
    naiveBlend: undefined,
    forecasts: validation.forecasts,
  };
  let least = BLEND_TOLERANCE * sumAbsoluteErrors(best.forecasts, values);
  for (const method of BLEND_METHODS) {
    const naiveForecasts = Float64Array.from(validation.targets, (target) =>
      naiveForecastOf(method, prepared, target),
    );
    for (const weight of BLEND_WEIGHTS) {
      const forecasts = validation.forecasts.map((forecast, i) =>
        blend(forecast, naiveForecasts[i]!, weight),
      );
      const error = sumAbsoluteErrors(forecasts, values);
      if (error >= least) continue;
      least = error;
      best = { naiveBlend: { method, weight }, forecasts };
    }
  }
  const errors = values.map((value, i) => value - best.forecasts[i]!);
  return { naiveBlend: best.naiveBlend, validation: { ...validation, forecasts: best.forecasts, errors } };
}

function sumAbsoluteErrors(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += Math.abs(one[i]! - other[i]!);
  return sum;
}

/** The candidate scales: plain, and for series with one sign also Box-Cox. */
function candidateScales(history: Float64Array): Scale[] {
  const sign = findSign(history);
  const plain = { transform: IDENTITY, sign };
  if (sign === 0) return [plain];
  const [sum, count] = history.reduce(
    ([total, known], value) => (Number.isNaN(value) ? [total, known] : [total + Math.abs(value), known + 1]),
    [0, 0],
  );
  return sum > 0 ? [plain, { transform: { name: 'box-cox', scale: (sign * sum) / count }, sign }] : [plain];
}

function findRange(values: Float64Array): { min: number; max: number } | undefined {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : undefined;
}

/** Bounds of forecasts: near the range of the training data, and with the sign of a series with one sign. */
function computeBounds(
  { min, max }: { min: number; max: number },
  sign: -1 | 0 | 1,
): ForecastModel['bounds'] {
  const margin = BOUNDS_MARGIN * (max - min);
  return {
    lowest: sign === 1 ? Math.max(0, min - margin) : min - margin,
    highest: sign === -1 ? Math.min(0, max + margin) : max + margin,
  };
}

/** Values this close to a bound, relative to the range, are set to the bound. */
const ROUNDING = 1e-9;

/** Limits a value to the bounds and removes rounding errors near them: solar power at night is exactly zero. */
export function clamp(value: number, { lowest, highest }: ForecastModel['bounds']): number {
  const near = ROUNDING * (highest - lowest);
  return value < lowest + near ? lowest : value > highest - near ? highest : value;
}

function hasNan(data: Float64Array, offset: number, count: number): boolean {
  for (let i = offset; i < offset + count; i++) if (Number.isNaN(data[i]!)) return true;
  return false;
}
