import * as fc from 'fast-check';
import { fromZonedTime } from 'date-fns-tz';
import { assertTimeZone, DAY_MS, HOUR_MS, isTimeZone, MINUTE_MS, TimeError, ZoneClock } from './index';
import { readOffsetMs } from './zone';
import { seedOrDefault } from '../../test/harness/effort';

const zones = [
  'Europe/Amsterdam',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Los_Angeles',
  'Africa/Casablanca',
  'Pacific/Apia',
  'UTC',
];
const instants = fc
  .integer({ min: Date.UTC(1972, 0) / 1000, max: Date.UTC(2040, 0) / 1000 })
  .map((s) => s * 1000);
const local = (text: string): number => Date.parse(`${text}Z`);

describe('isTimeZone', () => {
  it.each(['Europe/Amsterdam', 'UTC', 'utc', 'Asia/Kolkata', 'Etc/GMT+1'])('returns true for %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', '+01:00', 'Europe/Atlantis', 'not a zone'])('returns false for %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
    expect(() => {
      assertTimeZone(name);
    }).toThrow(TimeError);
  });
});

describe('offsetMsAt', () => {
  it.each([
    ['Africa/Monrovia', '1971-06-01T00:00Z', -44.5],
    ['Asia/Kolkata', '2020-06-01T00:00Z', 330],
    ['Europe/Amsterdam', '2021-03-28T00:59:59Z', 60],
    ['Europe/Amsterdam', '2021-03-28T01:00Z', 120],
    ['Europe/Amsterdam', '2021-10-31T00:59:59Z', 120],
    ['Europe/Amsterdam', '2021-10-31T01:00Z', 60],
  ])('returns the offset of %s at %s', (zone, text, minutes) => {
    expect(new ZoneClock(zone).offsetMsAt(Date.parse(text))).toBe(minutes * MINUTE_MS);
  });

  it.each(zones)('agrees with Intl at any instant in %s', (zone) => {
    const clock = new ZoneClock(zone);
    fc.assert(
      fc.property(instants, (instantMs) => {
        expect(clock.offsetMsAt(instantMs)).toBe(readOffsetMs(zone, instantMs));
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });
});

describe('localToInstant', () => {
  it('recognises local times that occur twice', () => {
    expect(new ZoneClock('Europe/Amsterdam').localToInstant(local('2021-10-31T02:30'))).toEqual({
      kind: 'ambiguous',
      first: Date.parse('2021-10-31T00:30Z'),
      second: Date.parse('2021-10-31T01:30Z'),
      transition: Date.parse('2021-10-31T01:00Z'),
    });
    expect(new ZoneClock('Australia/Lord_Howe').localToInstant(local('2021-04-04T01:45'))).toEqual({
      kind: 'ambiguous',
      first: Date.parse('2021-04-03T14:45Z'),
      second: Date.parse('2021-04-03T15:15Z'),
      transition: Date.parse('2021-04-03T15:00Z'),
    });
  });

  it('recognises local times that a clock change skips', () => {
    expect(new ZoneClock('Europe/Amsterdam').localToInstant(local('2021-03-28T02:30'))).toEqual({
      kind: 'missing',
      after: Date.parse('2021-03-28T03:30+02:00'),
      transition: Date.parse('2021-03-28T03:00+02:00'),
    });
    expect(new ZoneClock('America/Sao_Paulo').localToInstant(local('2017-10-15T00:00'))).toEqual({
      kind: 'missing',
      after: Date.parse('2017-10-15T01:00-02:00'),
      transition: Date.parse('2017-10-15T01:00-02:00'),
    });
  });

  it('recognises the day that Samoa skipped', () => {
    const found = new ZoneClock('Pacific/Apia').localToInstant(local('2011-12-30T12:00'));
    expect(found).toEqual({
      kind: 'missing',
      after: Date.parse('2011-12-31T12:00+14:00'),
      transition: Date.parse('2011-12-31T00:00+14:00'),
    });
  });

  it('treats the limits of a clock change as half-open intervals', () => {
    const clock = new ZoneClock('Europe/Amsterdam');
    expect(clock.localToInstant(local('2021-03-28T01:59:59')).kind).toBe('unique');
    expect(clock.localToInstant(local('2021-03-28T02:00')).kind).toBe('missing');
    expect(clock.localToInstant(local('2021-03-28T03:00')).kind).toBe('unique');
    expect(clock.localToInstant(local('2021-10-31T02:00')).kind).toBe('ambiguous');
    expect(clock.localToInstant(local('2021-10-31T03:00')).kind).toBe('unique');
  });

  it.each(zones)('is the inverse of instantToLocal in %s', (zone) => {
    const clock = new ZoneClock(zone);
    fc.assert(
      fc.property(instants, (instantMs) => {
        const found = clock.localToInstant(clock.instantToLocal(instantMs));
        const found2 =
          found.kind === 'ambiguous'
            ? [found.first, found.second]
            : [found.kind === 'unique' && found.instantMs];
        expect(found2).toContain(instantMs);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });

  it.each(zones)('agrees with date-fns-tz for unique local times in %s', (zone) => {
    const clock = new ZoneClock(zone);
    const check = (localMs: number): void => {
      const found = clock.localToInstant(localMs);
      if (found.kind !== 'unique') return;
      const text = new Date(localMs).toISOString().slice(0, -1);
      expect(fromZonedTime(text, zone).getTime()).toBe(found.instantMs);
    };
    fc.assert(fc.property(instants, check), { seed: seedOrDefault(20_260_101) });
    for (const day of [
      '2021-03-28',
      '2021-10-31',
      '2017-10-15',
      '2018-02-18',
      '2021-04-04',
      '2021-10-03',
      '2021-11-07',
    ]) {
      for (let minute = 0; minute < 1440; minute += 10) check(local(`${day}T00:00`) + minute * MINUTE_MS);
    }
  });

  it('has a variant that throws for ambiguous and missing local times', () => {
    const clock = new ZoneClock('Europe/Amsterdam');
    expect(clock.getUniqueInstant(local('2021-03-28T03:30'))).toBe(Date.parse('2021-03-28T01:30Z'));
    expect(() => clock.getUniqueInstant(local('2021-03-28T02:30'))).toThrow(
      /does not exist in Europe\/Amsterdam/,
    );
    expect(() => clock.getUniqueInstant(local('2021-10-31T02:30'))).toThrow(/occurs twice/);
  });
});

it('converts a column of a million wall-clock times in well under a second', () => {
  const clock = new ZoneClock('Europe/Amsterdam');
  const startMs = local('1995-01-01T00:00');
  const convert = (): number => {
    let sum = 0;
    for (let i = 0; i < 1_000_000; i++) sum += clock.resolveLocal(startMs + i * 0.25 * HOUR_MS);
    return sum;
  };
  // Processor time, which other processes on the machine do not use.
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    expect(convert()).toBeGreaterThan(0);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(1_000);
  expect(clock.offsetMsAt(startMs + DAY_MS)).toBe(HOUR_MS);
});
