import { CERTAIN_WIDTH } from '../fitting/bands';
import { NAIVE_METHODS, naiveForecast, type NaiveMethod } from '../fitting/naive';
import { calendarOf } from '../series/calendar';
import { KnownValues } from '../series/known-values';
import { stepAt, type ForecastData, type RegularSeries } from '../series/series';
import { accuracyOf, type Accuracy } from './accuracy';

/** Beliefs in columns, one row per outcome: what sources said, the most recent belief of each about each event. */
export interface SaidBefore {
  eventStarts: Float64Array;
  sourceIds: Int32Array;
  cumulativeProbabilities: Float64Array;
  values: Float64Array;
}

/** How well one source forecast, and how well one could have done without a model on the same events. */
export interface SourceAccuracy extends Accuracy {
  sourceId: number;
  /** Share of values between the 10 and 90 % quantiles, of those with a band of some width; NaN without bands. */
  coverage: number;
  baselines: (Accuracy & { method: NaiveMethod })[];
}

const MEDIAN = 0.5;
const BAND = { low: 0.1, high: 0.9 };
const MAX_GAP_STEPS = 6;

/** One source's forecasts on the steps of a series; NaN where there are none. */
interface Outlook {
  median: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * How far forecasts were from what came, for each source.
 * @param data what came; begins some weeks before the forecasts, for the sake of the baselines
 * @param said what was said at least `horizonSteps` before the end of its event
 */
export function accuracyBySource(
  data: ForecastData,
  said: SaidBefore,
  horizonSteps: number,
): SourceAccuracy[] {
  const measured = data.series;
  const inputs = {
    known: new KnownValues(measured.values, MAX_GAP_STEPS),
    stepMs: measured.stepMs,
    calendar: calendarOf(data, measured.values.length),
  };
  const accuracies: SourceAccuracy[] = [];
  for (const [sourceId, { median, low, high }] of outlooks(measured, said)) {
    const accuracy = accuracyOf(median, measured.values);
    if (accuracy.count === 0) continue;
    const baselines = NAIVE_METHODS.map((method) => {
      const guesses = median.map((forecast, step) =>
        Number.isNaN(forecast) ? NaN : naiveForecast(method, inputs, step, horizonSteps),
      );
      return { method, ...accuracyOf(guesses, measured.values) };
    });
    const coverage = coverageOf(low, high, measured.values);
    accuracies.push({ sourceId, ...accuracy, coverage, baselines });
  }
  return accuracies.sort((one, other) => one.sourceId - other.sourceId);
}

/** Share of values within bands, of those that the band leaves room for; NaN when there are none. */
export function coverageOf(low: Float64Array, high: Float64Array, values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  let [inside, counted] = [0, 0];
  values.forEach((value, i) => {
    if (Number.isNaN(value) || !(high[i]! - low[i]! > CERTAIN_WIDTH * largest)) return;
    counted++;
    if (value >= low[i]! && value <= high[i]!) inside++;
  });
  return counted > 0 ? inside / counted : NaN;
}

function outlooks(measured: RegularSeries, said: SaidBefore): Map<number, Outlook> {
  const bySource = new Map<number, Outlook>();
  const { length } = measured.values;
  const unknown = () => new Float64Array(length).fill(NaN);
  said.eventStarts.forEach((eventStart, row) => {
    const step = stepAt(measured, eventStart);
    if (!Number.isInteger(step) || step < 0 || step >= length) return;
    const sourceId = said.sourceIds[row]!;
    let outlook = bySource.get(sourceId);
    if (!outlook) bySource.set(sourceId, (outlook = { median: unknown(), low: unknown(), high: unknown() }));
    const probability = said.cumulativeProbabilities[row]!;
    if (isClose(probability, MEDIAN)) outlook.median[step] = said.values[row]!;
    else if (isClose(probability, BAND.low)) outlook.low[step] = said.values[row]!;
    else if (isClose(probability, BAND.high)) outlook.high[step] = said.values[row]!;
  });
  return bySource;
}

const isClose = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6;
