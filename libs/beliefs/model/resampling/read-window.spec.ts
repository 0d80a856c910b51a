import { HOUR_MS, MINUTE_MS, parseInstant } from '#lib/time';
import { defaultFrequency, readWindow } from './read-window';

const QUARTER_MS = 15 * MINUTE_MS;

describe('defaultFrequency', () => {
  it.each([
    [16 * 7 * 24 + 1, { weeks: 1 }],
    [16 * 7 * 24, { days: 1 }],
    [14 * 24, { hours: 1 }],
    [48, { minutes: 15 }],
    [8, { minutes: 5 }],
  ])('of a window of %d hours is %j', (hours, expected) => {
    expect(defaultFrequency(hours * HOUR_MS)).toEqual(expected);
  });
});

describe('readWindow', () => {
  const startMs = parseInstant('2024-03-31T00:00+01:00');
  const quarters = (count: number) => ({
    eventStarts: Float64Array.from({ length: count }, (_, i) => startMs + i * QUARTER_MS),
    values: Float64Array.from({ length: count }, (_, i) => i),
  });
  const power = { resolutionMs: QUARTER_MS, aggregation: 'mean', zone: 'Europe/Amsterdam' } as const;

  it('covers the whole window in the sensor’s resolution, with NaN where nothing is known', () => {
    const { eventStarts, values } = readWindow(quarters(2), power, {
      startMs: startMs - QUARTER_MS,
      endMs: startMs + HOUR_MS,
    });
    expect(Array.from(values)).toEqual([NaN, 0, 1, NaN, NaN]);
    expect(eventStarts[0]).toBe(startMs - QUARTER_MS);
  });

  it('uses days of the sensor’s zone', () => {
    const window = { startMs, endMs: parseInstant('2024-04-01T00:00+02:00'), resolution: { days: 1 } };
    const { values } = readWindow(quarters(100), power, window);
    // The day has 92 quarters: 0 to 91.
    expect(Array.from(values)).toEqual([45.5]);
  });

  it.each([undefined, { hours: 24 }, { days: 1 }])(
    'returns the days of a sensor of days where the clocks change, with resolution %j',
    (resolution) => {
      const days = ['2024-03-30T00:00+01:00', '2024-03-31T00:00+01:00', '2024-04-01T00:00+02:00'];
      const eventStarts = Float64Array.from(days, parseInstant);
      const sensor = { resolutionMs: 24 * HOUR_MS, aggregation: 'sum', zone: 'Europe/Amsterdam' } as const;
      const window = { startMs: eventStarts[0]!, endMs: parseInstant('2024-04-02T00:00+02:00'), resolution };
      const read = readWindow({ eventStarts, values: Float64Array.of(1, 2, 3) }, sensor, window);
      expect(Array.from(read.values)).toEqual([1, 2, 3]);
      expect(read.partialSteps).toBe(0);
    },
  );

  it('returns one value if the resolution exceeds the window, and none for an empty window', () => {
    const window = { startMs, endMs: startMs + HOUR_MS, resolution: { hours: 2 } };
    expect(Array.from(readWindow(quarters(4), power, window).values)).toEqual([1.5]);
    expect(readWindow(quarters(4), power, { startMs, endMs: startMs }).values).toHaveLength(0);
  });

  it('returns instants at the default frequency, NaN where there is none', () => {
    const instants = { ...power, resolutionMs: 0 };
    const { values } = readWindow(quarters(2), instants, { startMs, endMs: startMs + 20 * MINUTE_MS });
    expect(Array.from(values)).toEqual([0, NaN, NaN, 1]);
    const asked = { startMs, endMs: startMs + HOUR_MS, resolution: { minutes: 30 } };
    expect(Array.from(readWindow(quarters(3), instants, asked).values)).toEqual([0, 2]);
  });
});
