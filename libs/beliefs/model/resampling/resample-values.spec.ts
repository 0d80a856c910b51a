import fc from 'fast-check';
import { DAY_MS, exactBins, HOUR_MS, MINUTE_MS, nominalBins, parseInstant } from '#lib/time';
import { resampleValues } from './resample-values';
import type { PartialRule } from './partial-amounts';
import type { Aggregation } from './aggregation';
import { seedOrDefault } from '../../../../test/harness/effort';

const QUARTER_MS = 15 * MINUTE_MS;

function onto(
  stepMs: number,
  values: number[],
  aggregation: Aggregation,
  startMs = 0,
  partial?: PartialRule,
): number[] {
  const eventStarts = Float64Array.from(values, (_, i) => i * QUARTER_MS);
  const bins = exactBins(startMs, values.length * QUARTER_MS, stepMs);
  const sensor = { resolutionMs: QUARTER_MS, aggregation, zone: 'UTC', partial };
  return Array.from(resampleValues({ eventStarts, values: Float64Array.from(values) }, sensor, bins));
}

describe('resampleValues', () => {
  it('takes the mean of what is known, and the sum of amounts where all is known', () => {
    expect(onto(HOUR_MS, [1, NaN, NaN, 4, 5, 5, 5, 6], 'mean')).toEqual([2.5, 5.25]);
    expect(onto(HOUR_MS, [1, NaN, NaN, 4, 5, 5, 5, 6], 'sum')).toEqual([NaN, 21]);
    expect(onto(HOUR_MS, [1, NaN, NaN, 4, 5, 5, 5, 6], 'sum', 0, 'scale')).toEqual([10, 21]);
    expect(onto(HOUR_MS, [NaN, NaN, NaN, NaN], 'sum')).toEqual([NaN]);
  });

  it('repeats means and divides amounts', () => {
    expect(onto(5 * MINUTE_MS, [0.1, 0.7], 'mean')).toEqual([0.1, 0.1, 0.1, 0.7, 0.7, 0.7]);
    expect(onto(5 * MINUTE_MS, [3, 6], 'sum')).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('weights by time where bins and events are not aligned', () => {
    // Bins of 10 minutes: the middle one has 5 minutes of each quarter.
    expect(onto(10 * MINUTE_MS, [1, 3], 'mean')).toEqual([1, 2, 3]);
    expect(onto(HOUR_MS, [1, 2, 3, 4, 5], 'mean', 30 * MINUTE_MS)).toEqual([4]);
  });

  it.each([
    ['2026-03-28T23:00Z', [24, 23, 24], '2026-03-27T23:00Z'],
    ['2026-10-24T22:00Z', [24, 25, 24], '2026-10-23T22:00Z'],
  ])('fills the hours that the day of %s has on the clock', (_day, hours, from) => {
    const bins = nominalBins(
      parseInstant(from),
      parseInstant(from) + 3 * DAY_MS,
      { days: 1 },
      'Europe/Amsterdam',
    );
    const days = { eventStarts: bins.starts.subarray(0, 3), values: Float64Array.of(1, 2, 3) };
    const sensor = { resolutionMs: DAY_MS, aggregation: 'mean', zone: 'Europe/Amsterdam' } as const;
    const count = hours.reduce((sum, length) => sum + length, 0);
    const inHours = exactBins(parseInstant(from), parseInstant(from) + count * HOUR_MS, HOUR_MS);
    expect(Array.from(resampleValues(days, sensor, inHours))).toEqual(
      hours.flatMap((length, day) => Array<number>(length).fill(day + 1)),
    );
    const amounts = resampleValues(days, { ...sensor, aggregation: 'sum' }, inHours);
    expect(amounts[24]).toBe(2 / hours[1]!);
    expect(amounts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(6, 9);
  });

  it('keeps the total of amounts and the time-weighted mean of means', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 });
    const minutes = fc.constantFrom(1, 5, 7, 15, 20, 30, 60, 100);
    fc.assert(
      fc.property(values, minutes, (known, step) => {
        const total = known.reduce((sum, value) => sum + value, 0);
        // Bins that reach beyond the values would be unknown.
        const filled = [...known, ...Array<number>(7).fill(0)];
        const amounts = onto(step * MINUTE_MS, filled, 'sum').filter((value) => !Number.isNaN(value));
        expect(amounts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 8);
        const whole = onto(known.length * QUARTER_MS, known, 'mean');
        expect(whole[0]).toBeCloseTo(total / known.length, 8);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });
});
