import { isThorough } from '../../../../test/harness/effort';
import type { ForecastData } from '../series/series';
import { fixedForecasts, selectHorizons } from './fixed';
import type { Forecasts } from './horizon-forecaster';
import { rollingForecasts } from './rolling';

const HOUR_MS = 3_600_000;
const DAY = 24;
const START = Date.UTC(2026, 0, 1);
const QUANTILES = [0.1, 0.5, 0.9];

/** Pseudo-random numbers between -0.5 and 0.5, the same in every run. */
const noise = (step: number): number => {
  const large = Math.sin(step * 12.9898) * 43_758.5453;
  return large - Math.floor(large) - 0.5;
};

const aLoad = (days: number): Float64Array =>
  Float64Array.from({ length: DAY * days }, (_, i) => 10 + 3 * Math.sin((2 * Math.PI * i) / DAY) + noise(i));

const aSeries = (values: Float64Array, more: Partial<ForecastData> = {}): ForecastData => ({
  series: { startMs: START, stepMs: HOUR_MS, values },
  zone: 'Europe/Amsterdam',
  ...more,
});

const rolling = (data: ForecastData, from: number, until: number, more = {}): Forecasts =>
  rollingForecasts(data, {
    ...{ horizonSteps: 6, from, until, historySteps: 90 * DAY, quantiles: QUANTILES, ...more },
  });

const fixed = (data: ForecastData, lastKnownStep: number, steps: number, more = {}): Forecasts =>
  fixedForecasts(data, {
    ...{ lastKnownStep, from: lastKnownStep + 1, until: lastKnownStep + 1 + steps, historySteps: 90 * DAY },
    ...{
      quantiles: QUANTILES,
      horizons: selectHorizons(steps, HOUR_MS).map((horizonSteps) => ({ horizonSteps })),
      ...more,
    },
  });

const isWithoutNan = ({ values, quantiles, methods }: Forecasts): boolean =>
  methods.every(
    (method, i) =>
      (method === 'none') === Number.isNaN(values[i]!) &&
      (!method.startsWith('linear') || quantiles.every((quantile) => Number.isFinite(quantile[i]!))),
  );

/** Later values, which must not matter. */
const PLANTED = isThorough ? [1e6, -1e6] : [1e6];

describe('forecasts without look-ahead', () => {
  const values = aLoad(60);
  const regressor = Float64Array.from(values, (value, i) => value + noise(i + 7));
  const lastKnownStep = 50 * DAY;

  // A changed value with the other sign would also change the sign of the series.
  it.each(PLANTED)('do not change with a later value of %d, if they are rolling', (planted) => {
    for (const more of [{}, { regressors: [regressor] }]) {
      const target = lastKnownStep + 6;
      const truth = rolling(aSeries(values, more), target - 30, target + 1);
      const changed = values.map((value, i) => (i > lastKnownStep ? planted : value));
      expect(rolling(aSeries(changed, more), target - 30, target + 1)).toEqual(truth);
      expect(rolling(aSeries(changed, more), target - 30, target + 2)).not.toEqual(
        rolling(aSeries(values, more), target - 30, target + 2),
      );
    }
  });

  it.each(PLANTED)('do not change with a later value of %d, if they have a fixed viewpoint', (planted) => {
    const truth = fixed(aSeries(values), lastKnownStep, 60);
    const changed = values.map((value, i) => (i > lastKnownStep ? planted : value));
    expect(fixed(aSeries(changed), lastKnownStep, 60)).toEqual(truth);
    expect(truth.methods.every((method) => method === 'linear')).toBe(true);
  });
});

describe('fixedForecasts', () => {
  it('uses the shortest horizon that reaches a step', () => {
    expect(selectHorizons(1, HOUR_MS)).toEqual([1]);
    expect(selectHorizons(49, HOUR_MS)).toEqual([1, 2, 3, 6, 12, 24, 48, 72]);
    expect(selectHorizons(3, 24 * HOUR_MS)).toEqual([1, 2, 3]);
    const data = aSeries(aLoad(60));
    const lastKnownStep = 50 * DAY;
    const made = fixed(data, lastKnownStep, 24);
    const sixAhead = rolling(data, lastKnownStep + 6, lastKnownStep + 7);
    expect(made.values[5]).toBe(sixAhead.values[0]);
    expect(made.methods).toEqual(new Array(24).fill('linear'));
  });

  it('makes no forecasts beyond the longest horizon', () => {
    const made = fixed(aSeries(aLoad(60)), 50 * DAY, 24, { horizons: [{ horizonSteps: 12 }] });
    expect(made.methods.slice(0, 12)).toEqual(new Array(12).fill('linear'));
    expect(made.methods.slice(12)).toEqual(new Array(12).fill('none'));
    expect(isWithoutNan(made)).toBe(true);
  });
});

describe('fitted models', () => {
  const data = aSeries(aLoad(60));
  const first = rolling(data, 50 * DAY, 50 * DAY + 1);

  it('are reused on the same day and fitted again on the next day', () => {
    const later = 50 * DAY + 20;
    const again = rolling(data, later, later + 1, { reusable: first.fitted });
    expect(again.fitted).toEqual(first.fitted);
    const nextDay = rolling(data, 51 * DAY, 51 * DAY + 1, { reusable: first.fitted });
    expect(nextDay.fitted[0]!.trainedUntilMs).toBe(first.fitted[0]!.trainedUntilMs + 24 * HOUR_MS);
  });

  it('are not reused for viewpoints before their training data ends', () => {
    const earlier = rolling(data, 49 * DAY, 49 * DAY + 1, { reusable: first.fitted });
    expect(earlier).toEqual(rolling(data, 49 * DAY, 49 * DAY + 1));
  });

  it('need no training data when they are reused', () => {
    const later = 50 * DAY + 20;
    const skipped = 26 * DAY;
    const recent = aSeries(data.series.values.subarray(skipped));
    recent.series.startMs += skipped * HOUR_MS;
    const again = rolling(recent, later - skipped, later - skipped + 1, { reusable: first.fitted });
    const withAll = rolling(data, later, later + 1, { reusable: first.fitted });
    expect(again.values[0]).toBeCloseTo(withAll.values[0]!, 9);
    expect(again.methods).toEqual(['linear']);
  });
});

describe('rollingForecasts with an incomplete regressor', () => {
  it('uses the model without regressors for steps without a regressor value', () => {
    const values = aLoad(60);
    const until = 50 * DAY + 6;
    const regressor = values.map((value, i) => (i < until ? value : NaN));
    const made = rolling(aSeries(values, { regressors: [regressor] }), until - 6, until + 6);
    expect(made.methods).toEqual([
      ...new Array<string>(6).fill('linear-regressors'),
      ...new Array<string>(6).fill('linear'),
    ]);
    expect(isWithoutNan(made)).toBe(true);
  });

  it('ignores a regressor without values and reports the reason', () => {
    const values = aLoad(60);
    const made = rolling(aSeries(values, { regressors: [new Float64Array(60 * DAY).fill(NaN)] }), 1300, 1303);
    expect(made.methods).toEqual(['linear', 'linear', 'linear']);
    expect(made.failures).toEqual([
      'With regressors: Only 0 values can be used for training; at least 60 are needed.',
    ]);
  });
});

describe('forecasts of difficult series', () => {
  const cases: [string, Float64Array, string][] = [
    ['a constant', new Float64Array(60 * DAY).fill(5), 'linear'],
    ['zeros', new Float64Array(60 * DAY), 'linear'],
    ['nothing known', new Float64Array(60 * DAY).fill(NaN), 'none'],
    ['one value', aLoad(60).map((value, i) => (i === 50 * DAY ? value : NaN)), 'naive'],
    ['a gap of ten days at the end', aLoad(60).map((value, i) => (i > 45 * DAY ? NaN : value)), 'none'],
    ['a gap of two days at the end', aLoad(60).map((value, i) => (i > 53 * DAY - 8 ? NaN : value)), 'naive'],
    ['gaps of days', aLoad(60).map((value, i) => (i % (11 * DAY) < 3 * DAY ? NaN : value)), ''],
    ['negative spikes', aLoad(60).map((value, i) => (i % 97 === 0 ? -1e5 : value)), 'linear'],
    ['enormous values', aLoad(60).map((value, i) => (i % 97 === 0 ? 1e300 : value)), ''],
    ['tiny values', aLoad(60).map((value) => value * 1e-300), ''],
  ];

  it.each(cases)('are finite or missing with the method "none": %s', (_name, values, method) => {
    for (const made of [
      rolling(aSeries(values), 55 * DAY, 56 * DAY),
      fixed(aSeries(values), 55 * DAY - 6, DAY),
    ]) {
      expect(isWithoutNan(made)).toBe(true);
      expect(made.values.some((value) => Math.abs(value) === Infinity)).toBe(false);
      if (method !== '') expect(made.methods[0]).toBe(method);
    }
  });

  it('are complete on days with a clock change', () => {
    const values = aLoad(100);
    const change = (Date.UTC(2026, 2, 29) - START) / HOUR_MS;
    for (const horizonSteps of [1, 24, 48]) {
      const made = rolling(aSeries(values), change - DAY, change + 2 * DAY, { horizonSteps });
      expect(made.methods.every((method) => method === 'linear')).toBe(true);
      expect(isWithoutNan(made)).toBe(true);
    }
  });
});
