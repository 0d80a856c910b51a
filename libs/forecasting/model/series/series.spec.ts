import { naiveForecast, NAIVE_METHODS } from '../fitting/naive';
import { buildCalendar } from './calendar';
import { KnownValues } from './known-values';
import { stepAt, stepStartMs, toRegularSeries } from './series';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE = 'Europe/Amsterdam';

describe('toRegularSeries', () => {
  const series = (starts: string[], stepMs: number, fromMs: number, untilMs: number) =>
    toRegularSeries(
      {
        eventStarts: Float64Array.from(starts, (start) => Date.parse(start)),
        values: Float64Array.from(starts, (_, i) => i),
        ...{ stepMs, fromMs, untilMs },
      },
      ZONE,
    );

  it('uses the step offset of most events', () => {
    const found = series(
      ['2026-01-01T00:07Z', '2026-01-01T01:00Z', '2026-01-01T02:00Z', '2026-01-01T04:00Z'],
      HOUR_MS,
      Date.parse('2026-01-01T00:00Z'),
      Date.parse('2026-01-01T05:30Z'),
    );
    expect(found.startMs).toBe(Date.parse('2026-01-01T00:00Z'));
    expect([...found.values]).toEqual([NaN, 1, 2, NaN, 3, NaN]);
  });

  it('supports steps that do not start at the full hour', () => {
    const found = series(
      ['2026-01-01T00:20Z', '2026-01-01T01:20Z'],
      HOUR_MS,
      0,
      Date.parse('2026-01-01T03:00Z'),
    );
    expect(new Date(stepStartMs(found, found.values.length - 1)).toISOString()).toBe(
      '2026-01-01T02:20:00.000Z',
    );
  });

  it('follows local midnight across clock changes', () => {
    const midnights = ['2026-03-27T23:00Z', '2026-03-28T23:00Z', '2026-03-29T22:00Z', '2026-03-30T22:00Z'];
    const found = series(midnights, DAY_MS, Date.parse('2026-03-27T23:00Z'), Date.parse('2026-04-01T22:00Z'));
    expect([...found.values]).toEqual([0, 1, 2, 3, NaN]);
    const starts = Array.from(found.values, (_, step) => stepStartMs(found, step));
    expect(starts).toEqual([...midnights, '2026-03-31T22:00Z'].map((text) => Date.parse(text)));
    expect(starts.map((ms) => stepAt(found, ms))).toEqual([0, 1, 2, 3, 4]);
    const { dayPart, weekday } = buildCalendar({ series: found, zone: ZONE }, 5);
    expect([...dayPart]).toEqual([0, 0, 0, 0, 0]);
    expect([...weekday]).toEqual([5, 6, 0, 1, 2]);
  });

  it('stays in UTC for days in UTC', () => {
    const days = ['2026-03-28T00:00Z', '2026-03-29T00:00Z', '2026-03-30T00:00Z'];
    const found = series(days, DAY_MS, Date.parse(days[0]!), Date.parse('2026-03-31T00:00Z'));
    expect(found).not.toHaveProperty('localZone');
    expect([...found.values]).toEqual([0, 1, 2]);
  });
});

describe('naiveForecast', () => {
  it('uses the same local time, also after a clock change', () => {
    const startMs = Date.parse('2026-03-20T00:00+01:00');
    const values = Float64Array.from({ length: 24 * 14 }, (_, i) => i);
    const series = { startMs, stepMs: HOUR_MS, values };
    const inputs = {
      ...{ known: new KnownValues(values, 6), stepMs: HOUR_MS },
      calendar: buildCalendar({ series, zone: ZONE }, values.length),
    };
    const target = stepAt(series, Date.parse('2026-03-29T12:00+02:00'));
    const guesses = NAIVE_METHODS.map((method) =>
      stepStartMs(series, naiveForecast(method, inputs, target, 1)),
    );
    expect(guesses).toEqual(
      ['2026-03-29T11:00+02:00', '2026-03-28T12:00+01:00', '2026-03-22T12:00+01:00'].map((text) =>
        Date.parse(text),
      ),
    );
  });
});
