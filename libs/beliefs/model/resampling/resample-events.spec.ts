import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, parseInstant } from '#lib/time';
import { defaultFrequency, exactBins, wallClockSteps, windowBins } from './clock-grid';
import { readWindow } from './read-window';
import { resampleEvents } from './resample-events';
import type { ValueNature } from './value-nature';

const QUARTER_MS = 15 * MINUTE_MS;

function onto(stepMs: number, values: number[], nature: ValueNature, startMs = 0): number[] {
  const eventStarts = Float64Array.from(values, (_, i) => i * QUARTER_MS);
  const bins = exactBins(startMs, values.length * QUARTER_MS, stepMs);
  return Array.from(resampleEvents(eventStarts, Float64Array.from(values), QUARTER_MS, bins, nature));
}

describe('resampleEvents', () => {
  it('takes the mean of flows and the sum of stocks over what is known', () => {
    expect(onto(HOUR_MS, [1, NaN, NaN, 4, 5, 5, 5, 6], 'flow')).toEqual([2.5, 5.25]);
    expect(onto(HOUR_MS, [1, NaN, NaN, 4, 5, 5, 5, 6], 'stock')).toEqual([5, 21]);
    expect(onto(HOUR_MS, [NaN, NaN, NaN, NaN], 'stock')).toEqual([NaN]);
  });

  it('repeats flows and splits stocks', () => {
    expect(onto(5 * MINUTE_MS, [0.1, 0.7], 'flow')).toEqual([0.1, 0.1, 0.1, 0.7, 0.7, 0.7]);
    expect(onto(5 * MINUTE_MS, [3, 6], 'stock')).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('weighs by time where bins and events are not in step', () => {
    // Bins of 10 minutes: the middle one has 5 minutes of each quarter.
    expect(onto(10 * MINUTE_MS, [1, 3], 'flow')).toEqual([1, 2, 3]);
    expect(onto(HOUR_MS, [1, 2, 3, 4, 5], 'flow', 30 * MINUTE_MS)).toEqual([4]);
  });

  it('keeps the total of stocks and the time-weighted mean of flows', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 });
    const minutes = fc.constantFrom(1, 5, 7, 15, 20, 30, 60, 100);
    fc.assert(
      fc.property(values, minutes, (known, step) => {
        const total = known.reduce((sum, value) => sum + value, 0);
        const stocks = onto(step * MINUTE_MS, known, 'stock');
        expect(stocks.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 8);
        const whole = onto(known.length * QUARTER_MS, known, 'flow');
        expect(whole[0]).toBeCloseTo(total / known.length, 8);
      }),
    );
  });
});

describe('windowBins', () => {
  const days = (from: string, to: string) => {
    const bins = windowBins(parseInstant(from), parseInstant(to), { days: 1 }, 'Europe/Amsterdam');
    return Array.from(bins.starts, (start, i) => (bins.ends[i]! - start) / HOUR_MS);
  };

  it('has days of 23 and 25 hours', () => {
    expect(days('2024-03-30T00:00+01:00', '2024-04-02T00:00+02:00')).toEqual([24, 23, 24]);
    expect(days('2024-10-26T00:00+02:00', '2024-10-29T00:00+01:00')).toEqual([24, 25, 24]);
  });

  it('has months of the calendar, the last one whole', () => {
    const from = parseInstant('2024-01-01T00:00+01:00');
    const bins = windowBins(from, parseInstant('2024-03-15T00:00+01:00'), { months: 1 }, 'Europe/Amsterdam');
    expect(bins.ends[1]).toBe(parseInstant('2024-03-01T00:00+01:00'));
    expect(bins.ends[2]).toBe(parseInstant('2024-04-01T00:00+02:00'));
  });

  it('has no bins in an empty window', () => {
    expect(windowBins(0, 0, { hours: 1 }, 'UTC').starts).toHaveLength(0);
  });
});

describe('wallClockSteps', () => {
  const hoursFrom = (from: string, hours: number, stepMs: number, zone = 'Europe/Amsterdam') => {
    const startMs = parseInstant(from);
    return Array.from(
      wallClockSteps(startMs, startMs + hours * HOUR_MS, stepMs, zone),
      (step) => (step - startMs) / HOUR_MS,
    );
  };

  it('keeps days at midnight over both changes of the clock', () => {
    expect(hoursFrom('2024-03-30T00:00+01:00', 72, 24 * HOUR_MS)).toEqual([0, 24, 47, 71]);
    expect(hoursFrom('2024-10-26T00:00+02:00', 74, 24 * HOUR_MS)).toEqual([0, 24, 49, 73]);
  });

  it('begins with the step before, and repeats the hour that comes twice', () => {
    expect(hoursFrom('2024-10-27T01:30+02:00', 3, HOUR_MS)).toEqual([-0.5, 0.5, 1.5, 2.5]);
    expect(
      hoursFrom('2024-07-01T10:20Z', 1, HOUR_MS, 'Asia/Kathmandu').map((hour) => hour.toFixed(3)),
    ).toEqual(['-0.083', '0.917']);
  });
});

describe('steps of a week', () => {
  it('begin with the one before, also when no other follows', () => {
    const weekMs = 7 * 24 * HOUR_MS;
    expect(Array.from(wallClockSteps(weekMs + 1, weekMs + 2, weekMs, 'UTC'))).toEqual([weekMs]);
    expect(Array.from(wallClockSteps(weekMs, 2 * weekMs, weekMs, 'UTC'))).toEqual([weekMs, 2 * weekMs]);
  });
});

describe('defaultFrequency', () => {
  it.each([
    [16 * 7 * 24 + 1, { weeks: 1 }],
    [16 * 7 * 24, { days: 1 }],
    [14 * 24, { hours: 1 }],
    [48, { minutes: 15 }],
    [8, { minutes: 5 }],
  ])('of a window of %d hours', (hours, expected) => {
    expect(defaultFrequency(hours * HOUR_MS)).toEqual(expected);
  });
});

describe('readWindow', () => {
  const startMs = parseInstant('2024-03-31T00:00+01:00');
  const quarters = (count: number) => ({
    eventStarts: Float64Array.from({ length: count }, (_, i) => startMs + i * QUARTER_MS),
    values: Float64Array.from({ length: count }, (_, i) => i),
  });
  const power = { resolutionMs: QUARTER_MS, nature: 'flow', zone: 'Europe/Amsterdam' } as const;

  it('covers the whole window in the sensor’s resolution, known or not', () => {
    const { eventStarts, values } = readWindow(quarters(2), power, {
      startMs: startMs - QUARTER_MS,
      endMs: startMs + HOUR_MS,
    });
    expect(Array.from(values)).toEqual([NaN, 0, 1, NaN, NaN]);
    expect(eventStarts[0]).toBe(startMs - QUARTER_MS);
  });

  it('takes days of the sensor’s zone', () => {
    const window = { startMs, endMs: parseInstant('2024-04-01T00:00+02:00'), resolution: { days: 1 } };
    const { values } = readWindow(quarters(100), power, window);
    // The day has 92 quarters: 0 to 91.
    expect(Array.from(values)).toEqual([45.5]);
  });

  it('answers one value for a resolution beyond the window, and none for an empty window', () => {
    const window = { startMs, endMs: startMs + HOUR_MS, resolution: { hours: 2 } };
    expect(Array.from(readWindow(quarters(4), power, window).values)).toEqual([1.5]);
    expect(readWindow(quarters(4), power, { startMs, endMs: startMs }).values).toHaveLength(0);
  });

  it('gives instants at the default frequency, null between them', () => {
    const instants = { ...power, resolutionMs: 0 };
    const { values } = readWindow(quarters(2), instants, { startMs, endMs: startMs + 20 * MINUTE_MS });
    expect(Array.from(values)).toEqual([0, NaN, NaN, 1]);
    const asked = { startMs, endMs: startMs + HOUR_MS, resolution: { minutes: 30 } };
    expect(Array.from(readWindow(quarters(3), instants, asked).values)).toEqual([0, 2]);
  });
});
