import { calendarOf, type Calendar } from '../series/calendar';
import { KnownValues } from '../series/known-values';
import type { ForecastData, RegularSeries } from '../series/series';
import { Features } from './features';
import { naiveForecast, type NaiveMethod } from './naive';
import { fromScale, IDENTITY, signOf, toScale, type Transform } from './power-transform';
import { evaluate, Regression, type LinearModel, type Table } from './regression';

/** A linear model of one series for one horizon, ready to forecast. */
export interface ForecastModel {
  horizonSteps: number;
  scale: Scale;
  linear: LinearModel;
  /** A guess without a model that forecasts are drawn to, and how much of it they take. */
  anchor: Anchor | undefined;
  /** Smallest and largest value that forecasts may have. */
  bounds: { lowest: number; highest: number };
}

/** A model, and how it did where it was tried. */
export interface TrainedModel extends ForecastModel {
  /** Forecasts and what came, of steps that the model was not fitted to; for `bandsOf`. */
  validation: { targets: Int32Array; forecasts: Float64Array; errors: Float64Array };
  /** How many steps it was fitted to. */
  rows: number;
}

export interface Anchor {
  method: NaiveMethod;
  /** In (0, 1]. */
  weight: number;
}

/** Why no model can be fitted. */
export interface TrainingFailure {
  failure: string;
}

export interface TrainingOptions {
  horizonSteps: number;
  /** Index of the last step that is known. */
  lastKnown: number;
  /** How many steps before that to learn from, at most. */
  historySteps: number;
}

/** Penalties on coefficients that are tried. */
const PENALTIES = [0.0003, 0.003, 0.03, 0.3];
/** Rows that a model is fitted to, at most: more make it slower, not better. */
const MAX_ROWS = 2_000;
const MIN_ROWS = 60;
/** Part of the rows, the latest, by which candidates are compared. */
const VALIDATION_PART = 0.25;
const ROUNDS = 3;
/** How far beyond the values learnt from a forecast may lie, in parts of their range. */
const MARGIN = 0.3;
/** Longest gap that is filled, in steps. */
const MAX_GAP_STEPS = 6;

/** How a series is looked at. */
export interface Scale {
  transform: Transform;
  /** -1 or 1 when no value learnt from has the other sign. */
  sign: -1 | 0 | 1;
}

/** A series in some scale, with all that features need. */
export interface PreparedSeries {
  series: RegularSeries;
  scale: Scale;
  features: Features;
  known: KnownValues;
  calendar: Calendar;
}

/** The series in the scale that a model wants. */
export const prepareFor = (
  { scale, horizonSteps }: ForecastModel,
  data: ForecastData,
  calendar?: Calendar,
): PreparedSeries => prepare(data, scale, horizonSteps, calendar);

/** Brings a series to a scale. */
function prepare(
  data: ForecastData,
  scale: Scale,
  horizonSteps: number,
  calendar: Calendar = calendarOf(data, calendarLength(data)),
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

/** Steps that a calendar must cover: those of the series and of the regressors, and two weeks more. */
export function calendarLength({ series, regressors = [] }: ForecastData): number {
  const twoWeeks = Math.ceil((14 * 86_400_000) / series.stepMs);
  return Math.max(series.values.length + twoWeeks, ...regressors.map(({ length }) => length));
}

/**
 * Fits a linear model on lags, calendar and regressors. Of several candidates (plain or Box-Cox scale, several
 * penalties, squared or absolute errors) the one is taken that forecasts the latest quarter of the history best; it is
 * then fitted to all of it.
 */
export function trainModel(
  data: ForecastData,
  options: TrainingOptions,
  calendar: Calendar = calendarOf(data, calendarLength(data)),
): TrainedModel | TrainingFailure {
  const { horizonSteps, lastKnown } = options;
  const end = Math.max(0, lastKnown + 1);
  const history = data.series.values.subarray(Math.max(0, end - options.historySteps), end);
  const range = rangeOf(history);
  if (!range) return { failure: 'No value is known.' };
  const candidates = scalesFor(history).map((scale) => {
    const prepared = prepare(data, scale, horizonSteps, calendar);
    return { prepared, rows: collectRows(data, prepared, options) };
  });
  const count = candidates[0]!.rows.targets.length;
  if (count < MIN_ROWS) {
    return { failure: `Only ${count} of the values can be learnt from, of at least ${MIN_ROWS} needed.` };
  }
  const bounds = boundsOf(range, signOf(history));
  const best = candidates
    .map(({ prepared, rows }) => bestOf(prepared.scale, rows, bounds))
    .reduce((one, other) => (other.error < one.error ? other : one));
  const { rows, prepared } = candidates.find(({ prepared: { scale } }) => scale === best.scale)!;
  const { anchor, validation } = anchored(best.validation, prepared);
  return {
    horizonSteps,
    scale: best.scale,
    linear: best.fit(rows),
    anchor,
    bounds,
    validation,
    rows: count,
  };
}

/** A forecast by a model; NaN where too little is known. @param prepared the series as `prepareFor` gives it */
export function forecastStep(
  { scale, linear, anchor, bounds }: ForecastModel,
  prepared: PreparedSeries,
  target: number,
  scratch: Float64Array,
): number {
  prepared.features.write(target, scratch, 0);
  const byModel = clamped(fromScale(scale.transform, evaluate(linear, scratch)), bounds);
  if (!anchor) return byModel;
  return clamped(drawn(byModel, guess(anchor.method, prepared, target), anchor.weight), bounds);
}

/** A guess in the scale of the series. */
const guess = (
  method: NaiveMethod,
  { series, scale, features, ...prepared }: PreparedSeries,
  target: number,
) =>
  fromScale(
    scale.transform,
    naiveForecast(method, { ...prepared, stepMs: series.stepMs }, target, features.horizonSteps),
  );

/** Between a forecast and a guess; the forecast where there is no guess. */
const drawn = (forecast: number, other: number, weight: number): number =>
  Number.isNaN(other) ? forecast : (1 - weight) * forecast + weight * other;

interface Rows {
  targets: Int32Array;
  table: Table;
  /** In the transform's scale. */
  outcomes: Float64Array;
  /** As they are. */
  values: Float64Array;
}

/** Features and outcomes of steps that are known in full; every n-th step when there are very many. */
function collectRows(data: ForecastData, prepared: PreparedSeries, options: TrainingOptions): Rows {
  const { features, scale } = prepared;
  const { values } = data.series;
  const first = Math.max(firstKnown(values), options.lastKnown + 1 - options.historySteps);
  const stride = strideFor(options.lastKnown + 1 - first, data.series.stepMs);
  const room = Math.ceil((options.lastKnown + 1 - first) / stride);
  const rows = new Float64Array(room * features.count);
  const targets = new Int32Array(room);
  let count = 0;
  for (let target = options.lastKnown; target >= first; target -= stride) {
    if (Number.isNaN(values[target]!)) continue;
    features.write(target, rows, count * features.count);
    if (hasNan(rows, count * features.count, features.count)) continue;
    targets[count++] = target;
  }
  // Oldest first, so that the latest are the last ones.
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

/** Index of the first value that is known; 0 if there is none. */
const firstKnown = (values: Float64Array): number =>
  Math.max(
    0,
    values.findIndex((value) => !Number.isNaN(value)),
  );

/** A stride that keeps the number of rows in bounds and meets all times of the day. */
function strideFor(steps: number, stepMs: number): number {
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

/** The best way to fit in one scale. */
function bestOf(scale: Scale, rows: Rows, bounds: ForecastModel['bounds']): Candidate {
  const { columns, data } = rows.table;
  const split = Math.floor(rows.table.rows * (1 - VALIDATION_PART));
  const early = partOf(rows, 0, split);
  const judge = (linear: LinearModel, fit: Candidate['fit']): Candidate => {
    const forecasts = new Float64Array(rows.table.rows - split);
    for (let i = split; i < rows.table.rows; i++)
      forecasts[i - split] = clamped(fromScale(scale.transform, evaluate(linear, data, i * columns)), bounds);
    const errors = forecasts.map((forecast, i) => rows.values[split + i]! - forecast);
    const error = errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length;
    return {
      scale,
      fit,
      error,
      validation: { targets: rows.targets.subarray(split), forecasts, errors },
    };
  };
  const squared = bySquares(early, PENALTIES).map((linear, i) =>
    judge(linear, (all) => bySquares(all, [PENALTIES[i]!])[0]!),
  );
  const best = squared.reduce((one, other) => (other.error < one.error ? other : one));
  const penalty = PENALTIES[squared.indexOf(best)]!;
  const byAbsolute = judge(byAbsoluteErrors(early, penalty), (all) => byAbsoluteErrors(all, penalty));
  return byAbsolute.error < best.error ? byAbsolute : best;
}

type Learnt = Pick<Rows, 'table' | 'outcomes'>;

function partOf({ table: { columns, data }, outcomes }: Learnt, from: number, until: number): Learnt {
  return {
    table: { rows: until - from, columns, data: data.subarray(from * columns, until * columns) },
    outcomes: outcomes.subarray(from, until),
  };
}

const bySquares = ({ table, outcomes }: Learnt, penalties: readonly number[]): LinearModel[] =>
  new Regression(table, outcomes).leastSquares(penalties);

const byAbsoluteErrors = ({ table, outcomes }: Learnt, penalty: number): LinearModel =>
  new Regression(table, outcomes).leastAbsolute(penalty, ROUNDS);

const ANCHORS: NaiveMethod[] = ['last-value', 'same-time-yesterday', 'same-time-last-week'];
const ANCHOR_WEIGHTS = [0.2, 0.4];
/**
 * What an anchor may cost, as it were in the validation. Seasons change, and means of forecasts err less than the
 * forecasts (Bates and Granger, "The Combination of Forecasts", 1969), so that one that would have cost little is worth it.
 */
const ANCHOR_COST = 1.02;

/** Draws forecasts to the guess, and by the weight, that would have made the validation's errors smallest. */
function anchored(
  validation: TrainedModel['validation'],
  prepared: PreparedSeries,
): Pick<TrainedModel, 'anchor' | 'validation'> {
  const values = validation.forecasts.map((forecast, i) => forecast + validation.errors[i]!);
  let best: { anchor: Anchor | undefined; forecasts: Float64Array } = {
    anchor: undefined,
    forecasts: validation.forecasts,
  };
  let least = ANCHOR_COST * sumOfDistances(best.forecasts, values);
  for (const method of ANCHORS) {
    const guesses = Float64Array.from(validation.targets, (target) => guess(method, prepared, target));
    for (const weight of ANCHOR_WEIGHTS) {
      const forecasts = validation.forecasts.map((forecast, i) => drawn(forecast, guesses[i]!, weight));
      const error = sumOfDistances(forecasts, values);
      if (error >= least) continue;
      least = error;
      best = { anchor: { method, weight }, forecasts };
    }
  }
  const errors = values.map((value, i) => value - best.forecasts[i]!);
  return { anchor: best.anchor, validation: { ...validation, forecasts: best.forecasts, errors } };
}

function sumOfDistances(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += Math.abs(one[i]! - other[i]!);
  return sum;
}

/** Plain, and for series of one sign also Box-Cox. */
function scalesFor(history: Float64Array): Scale[] {
  const sign = signOf(history);
  const plain = { transform: IDENTITY, sign };
  if (sign === 0) return [plain];
  const [sum, count] = history.reduce(
    ([total, known], value) => (Number.isNaN(value) ? [total, known] : [total + Math.abs(value), known + 1]),
    [0, 0],
  );
  return sum > 0 ? [plain, { transform: { name: 'box-cox', scale: (sign * sum) / count }, sign }] : [plain];
}

function rangeOf(values: Float64Array): { min: number; max: number } | undefined {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : undefined;
}

/** Forecasts keep the sign of a series of one sign, and stay near the values seen. */
function boundsOf({ min, max }: { min: number; max: number }, sign: -1 | 0 | 1): ForecastModel['bounds'] {
  const margin = MARGIN * (max - min);
  return {
    lowest: sign === 1 ? Math.max(0, min - margin) : min - margin,
    highest: sign === -1 ? Math.min(0, max + margin) : max + margin,
  };
}

/** What a bound may be missed by, in parts of the range: rounding errors. */
const ROUNDING = 1e-9;

/** A value within bounds, and at a bound where only rounding keeps it off: the sun's night is zero, not nearly so. */
export function clamped(value: number, { lowest, highest }: ForecastModel['bounds']): number {
  const near = ROUNDING * (highest - lowest);
  return value < lowest + near ? lowest : value > highest - near ? highest : value;
}

function hasNan(data: Float64Array, offset: number, count: number): boolean {
  for (let i = offset; i < offset + count; i++) if (Number.isNaN(data[i]!)) return true;
  return false;
}
