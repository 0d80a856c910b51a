import { HOUR_MS, MINUTE_MS } from '#lib/time';
import { EX_POST } from '../knowledge/knowledge-horizon';
import { recordedHorizons } from '../knowledge/recording-time';
import { errorOf } from '../reference/beliefs.fixture';
import { aggregationOf } from '../resampling/aggregation';
import { eventsOfPost } from './posted-series';
import { readPostedValues } from './posted-values';

const QUARTER_MS = 15 * MINUTE_MS;
const post = (values: number[], unit: string, durationMs = HOUR_MS) => ({
  startMs: 0,
  durationMs,
  values: Float64Array.from(values),
  unit,
});

describe('eventsOfPost', () => {
  it('divides energy by the length of the posted step to get power', () => {
    const sensor = { resolutionMs: QUARTER_MS, unit: 'MW' };
    const { eventStarts, values } = eventsOfPost(post([100, 50], 'kWh'), sensor);
    expect(Array.from(values)).toEqual([0.2, 0.2, 0.1, 0.1]);
    expect(Array.from(eventStarts)).toEqual([0, 1, 2, 3].map((i) => i * QUARTER_MS));
  });

  it('divides energy over the events of an energy sensor, and leaves out unknown values', () => {
    const { eventStarts, values } = eventsOfPost(post([NaN, 3], 'kWh'), {
      resolutionMs: 10 * MINUTE_MS,
      unit: 'kWh',
    });
    expect(Array.from(values)).toEqual([1, 1, 1]);
    expect(eventStarts[0]).toBe(30 * MINUTE_MS);
  });

  it('accepts instants at any distance', () => {
    const { eventStarts, values } = eventsOfPost(post([20, 68, 32], '°F', 21 * MINUTE_MS), {
      resolutionMs: 0,
      unit: '°C',
    });
    expect(values[1]).toBeCloseTo(20, 9);
    expect(Array.from(eventStarts)).toEqual([0, 7, 14].map((minutes) => minutes * MINUTE_MS));
  });

  it.each([
    ['values closer than the resolution', [1, 2, 3, 4, 5, 6, 7, 8], 'INCOMPATIBLE_RESOLUTION'],
    ['values that are no multiple of the resolution apart', [1, 2, 3], 'INCOMPATIBLE_RESOLUTION'],
    ['no values', [], 'NO_VALUES'],
    ['an infinite value', [1, Infinity], 'INVALID_VALUES'],
  ])('rejects %s', (_name, values, code) => {
    expect(
      errorOf(() => eventsOfPost(post(values, 'kW'), { resolutionMs: QUARTER_MS, unit: 'kW' })),
    ).toMatchObject({ code });
  });

  it('rejects several values at one instant', () => {
    const sensor = { resolutionMs: 0, unit: '°C' };
    expect(errorOf(() => eventsOfPost(post([1, 2], '°C', 0), sensor))).toMatchObject({
      code: 'INCOMPATIBLE_RESOLUTION',
    });
    expect(Array.from(eventsOfPost(post([1], '°C', 0), sensor).values)).toEqual([1]);
  });

  it('rejects a post that would become millions of events', () => {
    const sensor = { resolutionMs: QUARTER_MS, unit: 'kW' };
    expect(errorOf(() => eventsOfPost(post([1], 'kW', 1e9 * QUARTER_MS), sensor))).toMatchObject({
      code: 'TOO_MANY_EVENTS',
    });
  });
});

describe('aggregationOf', () => {
  it.each(['kWh', 'm³', 'l', 'kg', 'EUR'])('takes %s as an amount', (unit) => {
    expect(aggregationOf(unit)).toBe('sum');
  });

  it.each(['MW', '°C', 'EUR/MWh', 'm³/h', '%', 'm/s', ''])('takes "%s" as a mean', (unit) => {
    expect(aggregationOf(unit)).toBe('mean');
  });
});

describe('readPostedValues', () => {
  it('reads numbers, numbers as text and nulls', () => {
    expect(Array.from(readPostedValues(['1.5', null, 2]))).toEqual([1.5, NaN, 2]);
  });

  it.each([[['a']], [[' ']], [[true]], [[[1]]], [undefined], [Infinity], [['0x10']], [['Infinity']]])(
    'rejects %p',
    (input) => {
      expect(errorOf(() => readPostedValues(input))).toMatchObject({ code: 'INVALID_VALUES' });
    },
  );
});

describe('recordedHorizons', () => {
  const events = Float64Array.of(0, HOUR_MS);
  const horizons = (recording: { priorMs?: number; horizonMs?: number }) =>
    Array.from(recordedHorizons(events, { ...recording, nowMs: 3 * HOUR_MS }, HOUR_MS, EX_POST));

  it('uses the prior, the horizon, the earlier moment of both, or else now', () => {
    expect(horizons({ priorMs: HOUR_MS })).toEqual([0, HOUR_MS]);
    expect(horizons({ horizonMs: -1 })).toEqual([-1, -1]);
    expect(horizons({ priorMs: HOUR_MS, horizonMs: MINUTE_MS })).toEqual([MINUTE_MS, HOUR_MS]);
    expect(horizons({})).toEqual([-2 * HOUR_MS, -HOUR_MS]);
  });
});
