import { NEGLIGIBLE_WIDTH } from '../fitting/prediction-intervals';
import { NAIVE_METHODS, naiveForecast, type NaiveMethod } from '../fitting/naive';
import { buildCalendar } from '../series/calendar';
import { KnownValues } from '../series/known-values';
import { stepAt, type ForecastData, type RegularSeries } from '../series/series';
import { computeAccuracy, type Accuracy } from './accuracy';

/** Forecasts of several sources in columns, one row per quantile; one forecast per source and event. */
export interface ForecastColumns {
  eventStarts: Float64Array;
  sourceIds: Int32Array;
  cumulativeProbabilities: Float64Array;
  values: Float64Array;
}

/** Accuracy of one source, and of naive forecasts (baselines) of the same events. */
export interface SourceAccuracy extends Accuracy {
  sourceId: number;
  /** Share of values within the prediction interval (10 to 90 %). Intervals without width do not count. NaN without intervals. */
  coverage: number;
  baselines: (Accuracy & { method: NaiveMethod })[];
}

const MEDIAN = 0.5;
const INTERVAL = { low: 0.1, high: 0.9 };
const MAX_GAP_STEPS = 6;

/** Forecasts of one source on the steps of a series; NaN without a forecast. */
interface SourceForecasts {
  median: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * The accuracy of the forecasts of each source.
 * @param data the measurements. They must start some weeks before the forecasts, for the baselines.
 * @param forecasts forecasts that were made at least `horizonSteps` before the end of their events
 */
export function accuracyBySource(
  data: ForecastData,
  forecasts: ForecastColumns,
  horizonSteps: number,
): SourceAccuracy[] {
  const measured = data.series;
  const inputs = {
    known: new KnownValues(measured.values, MAX_GAP_STEPS),
    stepMs: measured.stepMs,
    calendar: buildCalendar(data, measured.values.length),
  };
  const accuracies: SourceAccuracy[] = [];
  for (const [sourceId, { median, low, high }] of groupBySource(measured, forecasts)) {
    const accuracy = computeAccuracy(median, measured.values);
    if (accuracy.count === 0) continue;
    const baselines = NAIVE_METHODS.map((method) => {
      const naiveForecasts = median.map((forecast, step) =>
        Number.isNaN(forecast) ? NaN : naiveForecast(method, inputs, step, horizonSteps),
      );
      return { method, ...computeAccuracy(naiveForecasts, measured.values) };
    });
    const coverage = computeCoverage(low, high, measured.values);
    accuracies.push({ sourceId, ...accuracy, coverage, baselines });
  }
  return accuracies.sort((one, other) => one.sourceId - other.sourceId);
}

/** Share of values within their prediction interval. Intervals without width do not count. NaN if none counts. */
export function computeCoverage(low: Float64Array, high: Float64Array, values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  let [inside, counted] = [0, 0];
  values.forEach((value, i) => {
    if (Number.isNaN(value) || !(high[i]! - low[i]! > NEGLIGIBLE_WIDTH * largest)) return;
    counted++;
    if (value >= low[i]! && value <= high[i]!) inside++;
  });
  return counted > 0 ? inside / counted : NaN;
}

function groupBySource(measured: RegularSeries, columns: ForecastColumns): Map<number, SourceForecasts> {
  const bySource = new Map<number, SourceForecasts>();
  const { length } = measured.values;
  const unknown = () => new Float64Array(length).fill(NaN);
  columns.eventStarts.forEach((eventStart, row) => {
    const step = stepAt(measured, eventStart);
    if (!Number.isInteger(step) || step < 0 || step >= length) return;
    const sourceId = columns.sourceIds[row]!;
    let forecasts = bySource.get(sourceId);
    if (!forecasts)
      bySource.set(sourceId, (forecasts = { median: unknown(), low: unknown(), high: unknown() }));
    const probability = columns.cumulativeProbabilities[row]!;
    if (isClose(probability, MEDIAN)) forecasts.median[step] = columns.values[row]!;
    else if (isClose(probability, INTERVAL.low)) forecasts.low[step] = columns.values[row]!;
    else if (isClose(probability, INTERVAL.high)) forecasts.high[step] = columns.values[row]!;
  });
  return bySource;
}

const isClose = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6;
