import { computeAccuracy } from '../accuracy/accuracy';
import { buildCalendar } from '../series/calendar';
import { KnownValues } from '../series/known-values';
import type { ForecastData } from '../series/series';
import { maxFeatures } from './features';
import { fitPredictionIntervals, adaptWidthFactor, quantilesAround } from './prediction-intervals';
import { naiveForecast } from './naive';
import { forecastStep, prepareFor, trainModel, type TrainedModel } from './training';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 1);

const anHourlySeries = (values: number[] | Float64Array, zone = 'Europe/Amsterdam'): ForecastData => ({
  series: { startMs: START, stepMs: HOUR_MS, values: Float64Array.from(values) },
  zone,
});

/** Noise between -0.5 and 0.5 that is the same in every run (mulberry32). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 - 0.5;
  };
}

/** A load with a daily profile, lower weekends and a random level. */
function aLoad(days: number, seed = 1): Float64Array {
  const random = noise(seed);
  let level = 0;
  return Float64Array.from({ length: 24 * days }, (_, hour) => {
    level = 0.95 * level + 0.3 * random();
    const isWeekend = Math.floor(hour / 24 + 6) % 7 >= 5;
    return 10 + 3 * Math.sin((2 * Math.PI * hour) / 24) - (isWeekend ? 2 : 0) + level + 0.2 * random();
  });
}

function trained(data: ForecastData, horizonSteps: number, lastKnownStep: number): TrainedModel {
  const model = trainModel(data, { horizonSteps, lastKnownStep, historySteps: 24 * 90 });
  if ('failure' in model) throw new Error(model.failure);
  return model;
}

function forecasts(data: ForecastData, model: TrainedModel, from: number, until: number): Float64Array {
  const prepared = prepareFor(model, data);
  const scratch = new Float64Array(maxFeatures(data.regressors?.length ?? 0));
  return Float64Array.from({ length: until - from }, (_, i) =>
    forecastStep(model, prepared, from + i, scratch),
  );
}

describe('trainModel', () => {
  const values = aLoad(80);
  const data = anHourlySeries(values);
  const lastKnownStep = 24 * 60 - 1;

  it.each([1, 6, 24, 48])('is more accurate than naive forecasts, %d hours ahead', (horizonSteps) => {
    const model = trained(data, horizonSteps, lastKnownStep);
    const from = lastKnownStep + horizonSteps;
    const actual = values.subarray(from, values.length);
    const error = computeAccuracy(forecasts(data, model, from, values.length), actual).mae;
    const inputs = {
      known: new KnownValues(values, 6),
      stepMs: data.series.stepMs,
      calendar: buildCalendar(data, values.length),
    };
    for (const method of ['last-value', 'same-time-yesterday', 'same-time-last-week'] as const) {
      const guesses = actual.map((_, i) => naiveForecast(method, inputs, from + i, horizonSteps));
      expect(error).toBeLessThan(computeAccuracy(guesses, actual).mae);
    }
  });

  it('has no look-ahead: later values change neither model nor forecast', () => {
    const horizonSteps = 6;
    const target = lastKnownStep + horizonSteps;
    const changed = Float64Array.from(values, (value, i) => (i > lastKnownStep ? 1000 + i : value));
    const later = anHourlySeries(changed);
    const [one, other] = [
      trained(data, horizonSteps, lastKnownStep),
      trained(later, horizonSteps, lastKnownStep),
    ];
    expect(other.linear).toEqual(one.linear);
    expect(forecasts(later, other, target, target + 1)).toEqual(forecasts(data, one, target, target + 1));
    // The step after the last known one is used as soon as it is known.
    expect(forecasts(later, other, target + 1, target + 2)).not.toEqual(
      forecasts(data, one, target + 1, target + 2),
    );
  });

  it('has no look-ahead across clock changes', () => {
    // On 29 March 2026 the clocks go forward: the same local time a day before is 23 hours ago.
    const change = 28 * 24;
    const model = trained(data, 24, change - 31);
    for (let lastStep = change - 30; lastStep < change + 60; lastStep++) {
      const planted = Float64Array.from(values, (value, i) => (i > lastStep ? 1e6 : value));
      const at = lastStep + 24;
      expect(forecasts(anHourlySeries(planted), model, at, at + 1)).toEqual(
        forecasts(data, model, at, at + 1),
      );
    }
  });

  it('uses a regressor', () => {
    const random = noise(7);
    const wind = Float64Array.from({ length: 24 * 80 }, () => 10 + 8 * random());
    const power = wind.map((speed) => 0.01 * speed ** 3 + 0.1 * random());
    const plainData = anHourlySeries(power);
    const dataWithRegressor = { ...plainData, regressors: [wind] };
    const from = lastKnownStep + 24;
    const actual = power.subarray(from, power.length);
    const errorOf = (given: ForecastData) =>
      computeAccuracy(forecasts(given, trained(given, 24, lastKnownStep), from, power.length), actual).mae;
    expect(errorOf(dataWithRegressor)).toBeLessThan(errorOf(plainData) / 10);
  });

  it('returns NaN for steps without a regressor value', () => {
    const regressor = values.slice(0, lastKnownStep + 1);
    const given = { ...data, regressors: [regressor] };
    expect(
      forecasts(given, trained(given, 6, lastKnownStep), lastKnownStep + 6, lastKnownStep + 7)[0],
    ).toBeNaN();
  });

  it('keeps the sign of a series with one sign', () => {
    const sun = Float64Array.from({ length: 24 * 60 }, (_, hour) =>
      Math.max(0, -Math.cos((2 * Math.PI * hour) / 24) + noise(hour + 1)()),
    );
    for (const sign of [1, -1]) {
      const given = anHourlySeries(sun.map((value) => sign * value + 0));
      const model = trained(given, 24, 24 * 50);
      for (const value of forecasts(given, model, 24 * 51, 24 * 55))
        expect(sign * value).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('trainModel on difficult series', () => {
  const outcome = (values: number[] | Float64Array, horizonSteps = 6) => {
    const data = anHourlySeries(values);
    const lastKnownStep = data.series.values.length - 1;
    const model = trainModel(data, { horizonSteps, lastKnownStep, historySteps: 24 * 90 });
    if ('failure' in model) return model.failure;
    return forecasts(data, model, lastKnownStep + 1, lastKnownStep + 1 + horizonSteps);
  };

  it('forecasts constant series, also of zeros', () => {
    for (const constant of [5, 0, -3]) {
      for (const value of outcome(new Float64Array(24 * 40).fill(constant))) {
        expect(value).toBeCloseTo(constant, 9);
      }
    }
  });

  it('returns the reason if it cannot train a model', () => {
    expect(outcome([])).toBe('No value is known.');
    expect(outcome([NaN, NaN])).toBe('No value is known.');
    expect(outcome([1])).toBe('Only 0 values can be used for training; at least 60 are needed.');
  });

  it('handles gaps of days and spikes', () => {
    const values = aLoad(60);
    values.fill(NaN, 24 * 20, 24 * 24);
    values[24 * 40] = -5000;
    const found = outcome(values);
    expect(typeof found).not.toBe('string');
    for (const value of found as Float64Array) expect(Math.abs(value - 10)).toBeLessThan(10);
  });

  it('handles steps of 15 minutes, days and weeks', () => {
    for (const stepMs of [900_000, 24 * HOUR_MS, 7 * 24 * HOUR_MS]) {
      const random = noise(3);
      const series = {
        startMs: START,
        stepMs,
        values: Float64Array.from({ length: 3000 }, () => 5 + random()),
      };
      const data = { series, zone: 'Europe/Amsterdam' };
      const model = trainModel(data, { horizonSteps: 1, lastKnownStep: 2999, historySteps: 3000 });
      if ('failure' in model) throw new Error(model.failure);
      expect(forecasts(data, model, 3000, 3001)[0]).toBeCloseTo(5, 0);
    }
  });
});

describe('prediction intervals', () => {
  const fitIntervals = (forecastsMade: number[], errors: number[]) =>
    fitPredictionIntervals(
      {
        validation: {
          targets: new Int32Array(),
          forecasts: Float64Array.from(forecastsMade),
          errors: Float64Array.from(errors),
        },
      },
      [0.1, 0.5, 0.9],
    );
  const unbounded = { lowest: -Infinity, highest: Infinity };

  it('are the quantiles of past errors', () => {
    // 19 errors from -9 to 9: the probability that the next error is below the second smallest is 10 %.
    const errors = Array.from({ length: 19 }, (_, i) => i - 9);
    const found = quantilesAround(
      100,
      fitIntervals(
        errors.map(() => 0),
        errors,
      ),
      unbounded,
    );
    expect([...found]).toEqual([92, 100, 108]);
    expect([
      ...quantilesAround(
        100,
        fitIntervals(
          errors.map(() => 0),
          errors,
        ),
        unbounded,
        0.5,
      ),
    ]).toEqual([96, 100, 104]);
  });

  it('are wider for forecasts with larger errors, and stay within the bounds', () => {
    const sizes = Array.from({ length: 120 }, (_, i) => (i < 60 ? 0 : 50 + i / 100));
    const errors = Array.from({ length: 120 }, (_, i) => (i < 60 ? 0 : (i % 21) - 10));
    const found = fitIntervals(sizes, errors);
    expect([...quantilesAround(0, found, unbounded)]).toEqual([0, 0, 0]);
    const [low, , high] = quantilesAround(51, found, { lowest: 45, highest: 55 });
    expect([low, high]).toEqual([45, 55]);
  });

  it('cover about the nominal share of later values', () => {
    const values = aLoad(90, 5);
    const data = anHourlySeries(values);
    const lastKnownStep = 24 * 60 - 1;
    const model = trained(data, 6, lastKnownStep);
    const found = fitPredictionIntervals(model, [0.1, 0.5, 0.9]);
    const from = lastKnownStep + 6;
    const inside = [...forecasts(data, model, from, values.length)].filter((forecast, i) => {
      const [low, , high] = quantilesAround(forecast, found, model.bounds);
      return values[from + i]! >= low! && values[from + i]! <= high!;
    });
    const coverage = inside.length / (values.length - from);
    expect(coverage).toBeGreaterThan(0.72);
    expect(coverage).toBeLessThan(0.88);
  });

  it('widen after misses and narrow after hits', () => {
    expect(adaptWidthFactor(1, 0.8, 0.8)).toBe(1);
    expect(adaptWidthFactor(1, 0.5, 0.8)).toBeCloseTo(Math.exp(0.15), 12);
    expect(adaptWidthFactor(1, 1, 0.8)).toBeLessThan(1);
  });
});
