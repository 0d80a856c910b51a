import * as fc from 'fast-check';
import { formatInTimeZone, toDate } from 'date-fns-tz';
import { formatInstant, normaliseInstant, parseInstant, TimeError } from './index';
import { seedOrDefault } from '../../test/harness/effort';

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof TimeError) return error.code;
    throw error;
  }
  return 'no error';
};

describe('parseInstant', () => {
  it.each([
    ['2022-03-04T07:00+01:00', '2022-03-04T06:00:00.000Z'],
    ['2022-03-04T07:00+0100', '2022-03-04T06:00:00.000Z'],
    ['2022-03-04T07:00+01', '2022-03-04T06:00:00.000Z'],
    ['2022-03-04T07:00:00.123456Z', '2022-03-04T07:00:00.123Z'],
    ['2022-03-04T07:00:00,5Z', '2022-03-04T07:00:00.500Z'],
    ['2022-03-04 07:00:00-03:30', '2022-03-04T10:30:00.000Z'],
    ['2022-03-04T07:00-00:30', '2022-03-04T07:30:00.000Z'],
    ['2022-03-04t07:00z', '2022-03-04T07:00:00.000Z'],
    ['2024-02-29T00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(parseInstant(text)).toISOString()).toBe(expected);
  });

  it('reads the plain forms as the library does, for any date', () => {
    const twoDigits = (value: number) => String(value).padStart(2, '0');
    const offset = fc
      .tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59))
      .map(([sign, hours, minutes]) => `${sign}${twoDigits(hours)}:${twoDigits(minutes)}`);
    const text = fc
      .tuple(
        fc.date({
          min: new Date('0999-06-01T00:00Z'),
          max: new Date('9998-12-31T00:00Z'),
          noInvalidDate: true,
        }),
        fc.constantFrom(16, 19, 23),
        fc.oneof(fc.constant('Z'), offset),
      )
      .map(([date, length, end]) => date.toISOString().slice(0, length) + end);
    fc.assert(
      fc.property(text, (one) => expect(parseInstant(one)).toBe(toDate(one).getTime())),
      { numRuns: 1000, seed: seedOrDefault(20_260_101) },
    );
  });

  it('rejects texts of more than 100 characters, and repeats 60 of them', () => {
    const text = (digits: number): string => `2022-03-04T07:00:00.${'1'.repeat(digits)}Z`;
    expect(new Date(parseInstant(text(79))).toISOString()).toBe('2022-03-04T07:00:00.111Z');
    for (const parse of [parseInstant, normaliseInstant]) {
      expect(() => parse(text(80))).toThrow(
        `"2022-03-04T07:00:00.${'1'.repeat(40)}…" is not a valid ISO 8601 datetime. It has more than 100 characters.`,
      );
    }
  });

  it.each(['2022-03-04T07:00', '2022-03-04 07:00:00', '2022-03-04', '2021-06-07T00:00:00'])(
    'rejects %s, which has no time zone',
    (text) => {
      expect(codeOf(() => parseInstant(text))).toBe('NAIVE_DATETIME');
      expect(() => parseInstant(text)).toThrow(/has no time zone/);
    },
  );

  it.each([
    '',
    'now',
    '2022-02-30T00:00Z',
    '2022-02-30',
    '2023-02-29T00:00Z',
    '2022-13-01T00:00Z',
    '2022-03-04T24:00Z',
    '2022-03-04T07:60Z',
    '2022-03-04T07:00:61Z',
    '2022-03-04T07:00+25:00',
    '2022-03-04T07Z',
    '04-03-2022T07:00Z',
    '1646377200',
    '2022-03-04T07:00Z and more',
  ])('rejects %j', (text) => {
    expect(codeOf(() => parseInstant(text))).toBe('INVALID_DATETIME');
  });
});

describe('formatInstant', () => {
  it.each([
    ['2014-12-31T23:00:00Z', 'Europe/Amsterdam', '2015-01-01T00:00:00+01:00'],
    ['2015-07-01T00:00:00Z', 'Europe/Amsterdam', '2015-07-01T02:00:00+02:00'],
    ['2015-01-01T00:00:00Z', 'UTC', '2015-01-01T00:00:00+00:00'],
    ['2015-01-01T00:00:00.250Z', 'utc', '2015-01-01T00:00:00.250+00:00'],
    ['2015-01-01T00:00:00Z', 'America/St_Johns', '2014-12-31T20:30:00-03:30'],
  ])('writes %s in %s', (text, zone, expected) => {
    expect(formatInstant(parseInstant(text), zone)).toBe(expected);
  });

  it('keeps the instant, also with historical offsets that contain seconds', () => {
    const zones = ['Europe/Amsterdam', 'Africa/Monrovia', 'Asia/Kolkata', 'America/Sao_Paulo'];
    const instants = fc.integer({ min: Date.UTC(1850, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instantMs, zone) => {
        expect(parseInstant(formatInstant(instantMs, zone))).toBe(instantMs);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });

  it('agrees with date-fns-tz', () => {
    const seconds = fc.integer({ min: Date.UTC(1975, 0) / 1000, max: Date.UTC(2037, 0) / 1000 });
    const zones = fc.constantFrom('Europe/Amsterdam', 'America/Los_Angeles', 'Australia/Lord_Howe');
    // date-fns-tz uses the local time of the machine and is wrong in its skipped hour: only compare on machines in UTC.
    if (new Date(Date.UTC(2021, 6)).getTimezoneOffset() !== 0) return;
    fc.assert(
      fc.property(seconds, zones, (second, zone) => {
        const expected = formatInTimeZone(second * 1000, zone, "yyyy-MM-dd'T'HH:mm:ssxxx");
        expect(formatInstant(second * 1000, zone)).toBe(expected);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });

  it('rejects what is no instant or no zone', () => {
    expect(codeOf(() => formatInstant(NaN, 'UTC'))).toBe('INVALID_DATETIME');
    expect(codeOf(() => formatInstant(9e15, 'UTC'))).toBe('INVALID_DATETIME');
    expect(codeOf(() => formatInstant(0, 'Europe/Atlantis'))).toBe('INVALID_TIMEZONE');
  });
});

describe('normaliseInstant', () => {
  it.each([
    ['2026-11-19T23:00Z', '2026-11-19T23:00:00+00:00'],
    ['2026-11-20 00:00:00+0100', '2026-11-20T00:00:00+01:00'],
    ['2026-11-20T00:00:00.5-03:30', '2026-11-20T00:00:00.500-03:30'],
    ['2026-11-20T00:00+05', '2026-11-20T00:00:00+05:00'],
  ])('writes %s as %s', (text, expected) => {
    expect(normaliseInstant(text)).toBe(expected);
  });

  it('rejects datetimes without an offset', () => {
    expect(codeOf(() => normaliseInstant('2026-11-20'))).toBe('NAIVE_DATETIME');
  });
});
