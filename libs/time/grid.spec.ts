import * as fc from 'fast-check';
import { scaledRuns, seedOrDefault } from '../../test/harness/effort';
import { ceilToStep, eventStarts, floorToStep, formatInstant, HOUR_MS, isOnStep, MINUTE_MS } from './index';
import { countEventsIn, DAY_MS, eventDuration, eventStartAfter } from './index';
import { exactBins, mostRecentClockWindow, nominalBins, parseDuration } from './index';

const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;

const at = (text: string): number => Date.parse(text);

describe('events of whole days', () => {
  const zone = 'Europe/Amsterdam';
  it.each([
    ['2023-03-25T00:00+01:00', '2023-04-01T00:00+02:00', 167],
    ['2023-10-28T00:00+02:00', '2023-11-04T00:00+01:00', 169],
    ['2023-06-03T00:00+02:00', '2023-06-10T00:00+02:00', 168],
  ])('are seven from %s to %s', (start, end, hours) => {
    expect(at(end) - at(start)).toBe(hours * HOUR_MS);
    expect(countEventsIn(at(start), at(end), DAY_MS, zone)).toBe(7);
    expect(eventStartAfter(at(start), DAY_MS, 7, zone)).toBe(at(end));
    expect(eventStartAfter(at(start), 7 * DAY_MS, 1, zone)).toBe(at(end));
  });

  it('have a duration in days, and other events one in seconds', () => {
    expect(eventDuration(2 * DAY_MS)).toEqual({ days: 2 });
    expect(eventDuration(36 * HOUR_MS)).toEqual({ seconds: 129_600 });
    expect(eventStartAfter(at('2023-03-26T00:00+01:00'), 36 * HOUR_MS, 1, zone)).toBe(
      at('2023-03-27T13:00+02:00'),
    );
    expect(countEventsIn(0, HOUR_MS, 15 * MINUTE_MS, zone)).toBe(4);
  });
});

describe('eventStarts', () => {
  it('covers a half-open window', () => {
    expect([...eventStarts(0, HOUR_MS, 15 * MINUTE_MS)]).toEqual([0, 900_000, 1_800_000, 2_700_000]);
    expect(eventStarts(0, 0, HOUR_MS)).toHaveLength(0);
    expect(eventStarts(HOUR_MS, 0, HOUR_MS)).toHaveLength(0);
  });

  it('includes a last event that ends after the window', () => {
    expect([...eventStarts(0, HOUR_MS, 25 * MINUTE_MS)]).toEqual([0, 1_500_000, 3_000_000]);
  });

  it('rejects a resolution that is not positive', () => {
    for (const resolutionMs of [0, -1, NaN]) {
      expect(() => eventStarts(0, 1, resolutionMs)).toThrow(withCode('INVALID_DURATION'));
    }
  });
});

describe('exactBins', () => {
  it('returns bins of equal length; the last one can end after the window', () => {
    const { starts, ends } = exactBins(0, HOUR_MS, 25 * MINUTE_MS);
    expect([...starts]).toEqual([0, 1_500_000, 3_000_000]);
    expect([...ends]).toEqual([1_500_000, 3_000_000, 4_500_000]);
  });
});

describe('nominalBins', () => {
  const zone = 'Europe/Amsterdam';
  const hoursOf = (start: string, end: string, duration: string): number[] => {
    const { starts, ends } = nominalBins(at(start), at(end), parseDuration(duration), zone);
    expect([...starts.subarray(1)]).toEqual([...ends.subarray(0, -1)]);
    return Array.from(starts, (binStart, i) => (ends[i]! - binStart) / HOUR_MS);
  };

  it('returns days of 23 and 25 hours', () => {
    expect(hoursOf('2021-03-27T00:00+01:00', '2021-03-30T00:00+02:00', 'P1D')).toEqual([24, 23, 24]);
    expect(hoursOf('2021-10-30T00:00+02:00', '2021-11-02T00:00+01:00', 'P1D')).toEqual([24, 25, 24]);
    expect(hoursOf('2021-10-30T00:00+02:00', '2021-11-02T00:00+01:00', 'PT24H')).toEqual([24, 24, 24, 24]);
  });

  it('returns whole calendar months', () => {
    const { starts, ends } = nominalBins(
      at('2021-01-01T00:00+01:00'),
      at('2021-04-15T00:00+02:00'),
      parseDuration('P1M'),
      zone,
    );
    expect(Array.from(starts, (start) => formatInstant(start, zone))).toEqual([
      '2021-01-01T00:00:00+01:00',
      '2021-02-01T00:00:00+01:00',
      '2021-03-01T00:00:00+01:00',
      '2021-04-01T00:00:00+02:00',
    ]);
    expect(formatInstant(ends[3]!, zone)).toBe('2021-05-01T00:00:00+02:00');
  });

  it('returns no bins for an empty window', () => {
    expect(nominalBins(0, 0, { hours: 1 }, 'UTC').starts).toHaveLength(0);
    expect(nominalBins(0, 0, { days: 1 }, 'UTC').ends).toHaveLength(0);
  });

  it('starts a day with a skipped midnight at the clock change and omits a skipped day', () => {
    const brazil = nominalBins(
      at('2017-10-14T03:00Z'),
      at('2017-10-16T03:00Z'),
      { days: 1 },
      'America/Sao_Paulo',
    );
    expect([...brazil.starts]).toEqual([
      at('2017-10-14T03:00Z'),
      at('2017-10-15T03:00Z'),
      at('2017-10-16T02:00Z'),
    ]);
    const samoa = nominalBins(at('2011-12-29T10:00Z'), at('2011-12-31T10:00Z'), { days: 1 }, 'Pacific/Apia');
    expect([...samoa.starts]).toEqual([at('2011-12-29T10:00Z'), at('2011-12-30T10:00Z')]);
    expect([...samoa.ends]).toEqual([at('2011-12-30T10:00Z'), at('2011-12-31T10:00Z')]);
  });

  it('rejects a duration that is not positive', () => {
    const invalid = withCode('INVALID_DURATION');
    expect(() => nominalBins(0, 1, parseDuration('-P1D'), 'UTC')).toThrow(invalid);
    expect(() => nominalBins(0, 1, parseDuration('P0D'), 'UTC')).toThrow(invalid);
  });
});

describe('floorToStep and ceilToStep', () => {
  it.each([
    [
      '2021-06-01T12:10:00Z',
      'PT1H',
      'Asia/Kolkata',
      '2021-06-01T17:00:00+05:30',
      '2021-06-01T18:00:00+05:30',
    ],
    ['2021-06-01T12:10:00Z', 'PT1H', 'UTC', '2021-06-01T12:00:00+00:00', '2021-06-01T13:00:00+00:00'],
    ['2021-06-01T12:10:00Z', 'PT15M', 'UTC', '2021-06-01T12:00:00+00:00', '2021-06-01T12:15:00+00:00'],
    [
      '2021-03-28T08:00:00Z',
      'PT24H',
      'Europe/Amsterdam',
      '2021-03-28T00:00:00+01:00',
      '2021-03-29T00:00:00+02:00',
    ],
    [
      '2021-03-27T23:30:00Z',
      'PT24H',
      'Europe/Amsterdam',
      '2021-03-28T00:00:00+01:00',
      '2021-03-29T00:00:00+02:00',
    ],
    [
      '2021-10-31T01:30:00Z',
      'PT1H',
      'Europe/Amsterdam',
      '2021-10-31T02:00:00+01:00',
      '2021-10-31T03:00:00+01:00',
    ],
    [
      '2021-10-31T00:30:00Z',
      'PT1H',
      'Europe/Amsterdam',
      '2021-10-31T02:00:00+02:00',
      '2021-10-31T02:00:00+01:00',
    ],
    [
      '2021-03-28T00:30:00Z',
      'PT1H',
      'Europe/Amsterdam',
      '2021-03-28T01:00:00+01:00',
      '2021-03-28T03:00:00+02:00',
    ],
    [
      '2017-10-15T12:00:00Z',
      'PT24H',
      'America/Sao_Paulo',
      '2017-10-15T01:00:00-02:00',
      '2017-10-16T00:00:00-02:00',
    ],
    // 45 minutes do not divide the repeated hour, so the step from 02:15 continues through the second hour.
    [
      '2021-10-31T01:10:00Z',
      'PT45M',
      'Europe/Amsterdam',
      '2021-10-31T02:15:00+02:00',
      '2021-10-31T03:00:00+01:00',
    ],
  ])('return the steps around %s for the resolution %s in %s', (instant, resolution, zone, floor, ceil) => {
    const resolutionMs = { PT15M: 15 * MINUTE_MS, PT45M: 45 * MINUTE_MS, PT1H: HOUR_MS, PT24H: 24 * HOUR_MS }[
      resolution
    ]!;
    expect(formatInstant(floorToStep(at(instant), resolutionMs, zone), zone)).toBe(floor);
    expect(formatInstant(ceilToStep(at(instant), resolutionMs, zone), zone)).toBe(ceil);
  });

  it('do not change instants for the resolution 0', () => {
    expect([floorToStep(123, 0, 'UTC'), ceilToStep(123, 0, 'UTC'), isOnStep(123, 0, 'UTC')]).toEqual([
      123,
      123,
      true,
    ]);
  });

  it('enclose every instant and return steps, also around clock changes', () => {
    const zones = ['Europe/Amsterdam', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
    const days = ['2021-03-28', '2021-10-31', '2017-10-15', '2018-02-18', '2021-04-04', '2021-10-03'];
    const nearDst = fc.tuple(fc.constantFrom(...days), fc.integer({ min: -1440, max: 2880 }));
    const minutes = fc.constantFrom(5, 7, 10, 25, 50, 15, 20, 30, 40, 45, 60, 120, 180, 240, 360, 720, 1440);
    fc.assert(
      fc.property(nearDst, minutes, fc.constantFrom(...zones), ([day, minute], step, zone) => {
        const instantMs = at(day) + minute * MINUTE_MS;
        const floorMs = floorToStep(instantMs, step * MINUTE_MS, zone);
        const ceilMs = ceilToStep(instantMs, step * MINUTE_MS, zone);
        expect(floorMs).toBeLessThanOrEqual(instantMs);
        expect(ceilMs).toBeGreaterThanOrEqual(instantMs);
        expect(isOnStep(floorMs, step * MINUTE_MS, zone)).toBe(true);
        expect(isOnStep(ceilMs, step * MINUTE_MS, zone)).toBe(true);
        if (ceilMs > instantMs) expect(floorToStep(ceilMs - 1, step * MINUTE_MS, zone)).toBe(floorMs);
      }),
      { numRuns: scaledRuns(1000), seed: seedOrDefault(20_260_101) },
    );
  });
});

describe('mostRecentClockWindow', () => {
  it.each([
    [15, '2021-04-30T03:36:00Z', 0, '2021-04-30T03:15:00Z', '2021-04-30T03:30:00Z'],
    [10, '2021-04-30T00:05:00Z', 0, '2021-04-29T23:50:00Z', '2021-04-30T00:00:00Z'],
    [5, '2021-05-20T10:07:04Z', 130, '2021-05-20T09:55:00Z', '2021-05-20T10:00:00Z'],
    [60, '2021-03-28T03:10:00Z', 0, '2021-03-28T02:00:00Z', '2021-03-28T03:00:00Z'],
  ])(
    'returns the window of %d minutes at %s with a grace period of %d seconds',
    (minutes, now, grace, start, end) => {
      const window = mostRecentClockWindow(minutes * MINUTE_MS, at(now), 'UTC', grace * 1_000);
      expect(window).toEqual({ startMs: at(start), endMs: at(end) });
    },
  );
});
