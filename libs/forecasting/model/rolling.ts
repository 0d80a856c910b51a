import { DAY_MS } from '#lib/time';
import { bandsOf, nextWidth, quantilesAround, type Bands } from './bands';
import { calendarLength, forecastStep, prepare, trainModel, type TrainedModel } from './training';
import { calendarOf } from './calendar';
import { KnownValues } from './known-values';
import { naiveForecast, type NaiveMethod } from './naive';
import type { PreparedSeries } from './training';
import type { ForecastData } from './series';

/** How a forecast was made; `none` where too little is known for any way. */
export type ForecastMethod = 'linear' | 'naive' | 'none';

/** Forecasts of consecutive steps, each as far ahead as the others. */
export interface RollingForecasts {
  /** Index of the first step that was forecast. */
  from: number;
  /** Most likely value, one per step; NaN without a forecast. */
  values: Float64Array;
  /** One array per quantile asked for; NaN where only a naive forecast was possible. */
  quantiles: Float64Array[];
  methods: ForecastMethod[];
  /** Why no model could be fitted, each reason once. */
  failures: string[];
}

export interface RollingRequest {
  /** Steps between what is known and the step that is forecast. */
  horizonSteps: number;
  /** Steps to forecast, by index in the series; `until` is not included and may lie beyond its end. */
  from: number;
  until: number;
  /** How many steps to learn from. */
  historySteps: number;
  /** Cumulative probabilities in (0, 1), ascending. */
  quantiles: readonly number[];
}

const FALLBACKS: NaiveMethod[] = ['same-time-yesterday', 'last-value'];
const MAX_GAP_STEPS = 6;
/** A value that was the last one for longer says nothing any more. */
const OLDEST_MS = 7 * DAY_MS;

/**
 * Forecasts every step of a range as it would have been forecast `horizonSteps` before its end: with what was known
 * then, by a model that is fitted anew every day. Where the model has no answer, the same time on the latest known day
 * counts, else the last known value.
 */
export function rollingForecasts(data: ForecastData, request: RollingRequest): RollingForecasts {
  const { horizonSteps, from, until } = request;
  const count = Math.max(0, until - from);
  const forecasts: RollingForecasts = {
    from,
    values: new Float64Array(count).fill(NaN),
    quantiles: request.quantiles.map(() => new Float64Array(count).fill(NaN)),
    methods: new Array<ForecastMethod>(count).fill('none'),
    failures: [],
  };
  const day = Math.max(1, Math.round(DAY_MS / data.series.stepMs));
  const writer = new DayWriter(data, request, forecasts);
  for (let first = from; first < until; first += day) {
    writer.write(first, Math.min(until, first + day), first - horizonSteps);
  }
  return forecasts;
}

/** `rollingForecasts` for one argument, as threads take it. */
export function calculateForecasts(input: {
  data: ForecastData;
  request: RollingRequest;
}): Promise<RollingForecasts> {
  return Promise.resolve(rollingForecasts(input.data, input.request));
}

/** Forecasts the steps of one day after the other. */
class DayWriter {
  private readonly calendar;
  private readonly known: KnownValues;
  private readonly scratch = new Float64Array(256);
  private width = 1;

  constructor(
    private readonly data: ForecastData,
    private readonly request: RollingRequest,
    private readonly forecasts: RollingForecasts,
  ) {
    this.calendar = calendarOf(data, Math.max(calendarLength(data), request.until));
    this.known = new KnownValues(data.series.values, MAX_GAP_STEPS);
  }

  write(first: number, until: number, lastKnown: number): void {
    const { horizonSteps, historySteps, quantiles } = this.request;
    const model = trainModel(this.data, { horizonSteps, historySteps, lastKnown }, this.calendar);
    if ('failure' in model) {
      if (!this.forecasts.failures.includes(model.failure)) this.forecasts.failures.push(model.failure);
      for (let target = first; target < until; target++) this.writeNaive(target);
      return;
    }
    this.adaptWidth(lastKnown, until - first);
    const prepared = prepare(this.data, model.transform, horizonSteps, this.calendar);
    const bands = bandsOf(model, quantiles);
    for (let target = first; target < until; target++) this.writeLinear(target, model, prepared, bands);
  }

  private writeLinear(target: number, model: TrainedModel, prepared: PreparedSeries, bands: Bands): void {
    const value = forecastStep(model, prepared, target, this.scratch);
    if (Number.isNaN(value)) {
      this.writeNaive(target);
      return;
    }
    const at = target - this.request.from;
    this.forecasts.values[at] = value;
    this.forecasts.methods[at] = 'linear';
    quantilesAround(value, bands, model.bounds, this.width).forEach((quantile, q) => {
      this.forecasts.quantiles[q]![at] = quantile;
    });
  }

  private writeNaive(target: number): void {
    const { horizonSteps, from } = this.request;
    const last = target - horizonSteps;
    const ageMs = (last - this.known.lastKnown(last)) * this.data.series.stepMs;
    if (ageMs > OLDEST_MS) return;
    for (const method of FALLBACKS) {
      const value = naiveForecast(method, this.data.series, this.known, target, horizonSteps);
      if (Number.isNaN(value)) continue;
      this.forecasts.values[target - from] = value;
      this.forecasts.methods[target - from] = 'naive';
      return;
    }
  }

  /** Looks how many of the latest known values lay within the bands that were forecast for them. */
  private adaptWidth(lastKnown: number, steps: number): void {
    const { quantiles } = this.request;
    const lows = this.forecasts.quantiles[0];
    const highs = this.forecasts.quantiles[quantiles.length - 1];
    if (!lows || !highs || quantiles.length < 2) return;
    let [inside, counted] = [0, 0];
    for (let step = Math.max(this.request.from, lastKnown - steps + 1); step <= lastKnown; step++) {
      const at = step - this.request.from;
      const value = this.data.series.values[step]!;
      // Values that are certain, such as the sun's at night, say nothing about the width.
      if (Number.isNaN(value) || !(highs[at]! > lows[at]!)) continue;
      counted++;
      if (value >= lows[at]! && value <= highs[at]!) inside++;
    }
    const nominal = quantiles[quantiles.length - 1]! - quantiles[0]!;
    if (counted > 0) this.width = nextWidth(this.width, inside / counted, nominal);
  }
}
