import * as fc from 'fast-check';
import {
  addDuration,
  durationToMs,
  formatDuration,
  HOUR_MS,
  isNominal,
  parseDuration,
  parseDurationMs,
} from './index';
import { seedOrDefault } from '../../test/harness/effort';

const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('parseDuration', () => {
  it.each([
    ['PT15M', { minutes: 15 }],
    ['P1D', { days: 1 }],
    ['P2W', { weeks: 2 }],
    ['P1M', { months: 1 }],
    ['P1Y2M3DT4H5M6S', { years: 1, months: 2, days: 3, hours: 4, minutes: 5, seconds: 6 }],
    ['-PT10M', { minutes: 10, negative: true }],
    ['+PT10M', { minutes: 10 }],
    ['PT1,5H', { hours: 1.5 }],
    ['P1.5D', { weeks: 0, days: 1, hours: 12 }],
    ['P0.5W', { weeks: 0, days: 3, hours: 12 }],
    ['PT0H', { hours: 0 }],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'PT1D',
    'P1H',
    '1H',
    'PT-1H',
    'PT1.5H30M',
    'P0.5M',
    'P1.5Y',
    'pt1h',
    'PT1H ago',
    'PT99999999999999H',
    'P999999999Y',
  ])('rejects %j', (text) => {
    expect(() => parseDuration(text)).toThrow(withCode('INVALID_DURATION'));
  });

  it('rejects texts of more than 100 characters and shows 60 of them', () => {
    expect(parseDuration(`PT${'0'.repeat(97)}S`)).toEqual({ seconds: 0 });
    expect(() => parseDuration(`PT${'0'.repeat(98)}S`)).toThrow(
      `"PT${'0'.repeat(58)}…" is not a valid ISO 8601 duration, such as PT15M or P1D. It has more than 100 characters.`,
    );
  });

  it('counts days as 24 and weeks as 168 hours, and rejects months', () => {
    expect(parseDurationMs('P1D')).toBe(24 * HOUR_MS);
    expect(parseDurationMs('P2W')).toBe(336 * HOUR_MS);
    expect(parseDurationMs('-PT0.5H')).toBe(-0.5 * HOUR_MS);
    expect(parseDurationMs('PT0.1S')).toBe(100);
    expect(parseDurationMs('-PT0H')).toBe(0);
    expect(() => parseDurationMs('P1M')).toThrow(withCode('NOMINAL_DURATION'));
    expect(() => parseDurationMs('P1Y')).toThrow(withCode('NOMINAL_DURATION'));
  });

  it('distinguishes nominal and exact durations', () => {
    expect(
      ['P1D', 'P1W', 'P1M', 'P1Y', 'P1DT1H'].map((text) => isNominal(parseDuration(text))),
    ).not.toContain(false);
    expect(['PT24H', 'P0D', 'PT15M'].map((text) => isNominal(parseDuration(text)))).not.toContain(true);
  });
});

describe('formatDuration', () => {
  it.each([
    [900_000, 'PT15M'],
    [24 * HOUR_MS, 'PT24H'],
    [86_522_000, 'PT24H2M2S'],
    [1.5 * HOUR_MS, 'PT1H30M'],
    [0, 'PT0H'],
    [-600_000, '-PT10M'],
    [1_500, 'PT1.5S'],
  ])('writes %d ms as %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  it('is the inverse of parseDurationMs', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e14, max: 1e14 }), (ms) => {
        expect(parseDurationMs(formatDuration(ms))).toBe(ms);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
    expect(() => formatDuration(NaN)).toThrow(withCode('INVALID_DURATION'));
  });
});

describe('addDuration', () => {
  const zone = 'Europe/Amsterdam';
  it.each([
    [
      'adds 23 hours for a day across the change in spring',
      '2021-03-27T12:00+01:00',
      'P1D',
      1,
      '2021-03-28T12:00+02:00',
    ],
    [
      'adds exactly 24 hours across the change in spring',
      '2021-03-27T12:00+01:00',
      'PT24H',
      1,
      '2021-03-28T13:00+02:00',
    ],
    ['moves a skipped time forward', '2021-03-27T02:30+01:00', 'P1D', 1, '2021-03-28T03:30+02:00'],
    ['uses the first of a repeated time', '2021-10-30T02:30+02:00', 'P1D', 1, '2021-10-31T02:30+02:00'],
    [
      'keeps the second of a repeated time if nothing is added',
      '2021-10-31T02:30+01:00',
      'P0D',
      1,
      '2021-10-31T02:30+01:00',
    ],
    [
      'adds exact durations within a repeated hour',
      '2021-10-31T02:30+02:00',
      'PT1H',
      1,
      '2021-10-31T02:30+01:00',
    ],
    ['limits the day to the end of the month', '2021-01-31T00:00+01:00', 'P1M', 1, '2021-02-28T00:00+01:00'],
    [
      'adds several months from the start, not step by step',
      '2021-01-31T00:00+01:00',
      'P1M',
      2,
      '2021-03-31T00:00+02:00',
    ],
    ['subtracts a negative duration', '2021-03-28T12:00+02:00', '-P1D', 1, '2021-03-27T12:00+01:00'],
    ['subtracts with a negative count', '2021-03-28T12:00+02:00', 'P1W', -1, '2021-03-21T12:00+01:00'],
    ['moves a leap day to 28 February', '2020-02-29T00:00+01:00', 'P1Y', 1, '2021-02-28T00:00+01:00'],
    ['adds days before hours', '2021-03-27T12:00+01:00', 'P1DT1H', 1, '2021-03-28T13:00+02:00'],
  ])('%s', (_, start, duration, times, expected) => {
    expect(addDuration(Date.parse(start), parseDuration(duration), zone, times)).toBe(Date.parse(expected));
  });

  it('rejects results beyond the range of dates', () => {
    const beyond = withCode('INVALID_DATETIME');
    expect(() => addDuration(8e15, parseDuration('P100000Y'), 'UTC')).toThrow(beyond);
    expect(() => addDuration(8e15, parseDuration('PT2000000000H'), 'UTC')).toThrow(beyond);
  });

  it('agrees with durationToMs in zones without clock changes', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(400), fc.integer({ min: -50, max: 50 }), (days, minutes, times) => {
        const duration = { days, minutes };
        const expected = Date.UTC(2020, 0) + times * durationToMs(duration);
        expect(addDuration(Date.UTC(2020, 0), duration, 'UTC', times)).toBe(expected);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });
});
