import fc from 'fast-check';
import { DateTimeReader } from './datetime-reader';
import { seedOrDefault } from '../../../../test/harness/effort';

/** Reads a text, by default with a new reader. */
function read(text: string, reader = new DateTimeReader()): [string, boolean] | string {
  const bytes = Buffer.from(`x${text}x`);
  if (!reader.read(bytes, 1, bytes.length - 1)) return reader.reason;
  return [new Date(reader.ms).toISOString(), reader.isAware];
}

describe('DateTimeReader', () => {
  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-05-01T13:15', '2024-05-01T13:15:00.000Z'],
    ['2024-05-01 13:15:07', '2024-05-01T13:15:07.000Z'],
    ['2024-05-01t13:15:07.1239', '2024-05-01T13:15:07.123Z'],
    ['2024-05-01T13:15:07,5', '2024-05-01T13:15:07.500Z'],
    ['2024-05-01T24:00', '2024-05-02T00:00:00.000Z'],
    ['1969-12-31T23:59:59', '1969-12-31T23:59:59.000Z'],
    ['2024-5-1 7:05', '2024-05-01T07:05:00.000Z'],
    ['2024/05/01 07:05', '2024-05-01T07:05:00.000Z'],
    ['20240501', '2024-05-01T00:00:00.000Z'],
    ['20240501T0705', '2024-05-01T07:05:00.000Z'],
    ['31.12.2024 23:45', '2024-12-31T23:45:00.000Z'],
    ['1.2.2024', '2024-02-01T00:00:00.000Z'],
    ['31/12/2024 23:45', '2024-12-31T23:45:00.000Z'],
    ['12/31/2024 11:45 PM', '2024-12-31T23:45:00.000Z'],
    ['12/31/2024 12:05 a.m.', '2024-12-31T00:05:00.000Z'],
    ['31-12-2024', '2024-12-31T00:00:00.000Z'],
    ['20200601:0010', '2020-06-01T00:10:00.000Z'],
    ['2024010123', '2024-01-01T23:00:00.000Z'],
    ['13.02.24 00:00', '2024-02-13T00:00:00.000Z'],
    ['13/02/69', '1969-02-13T00:00:00.000Z'],
    ['01-Feb-2024 00:00', '2024-02-01T00:00:00.000Z'],
    ['Jan 5 2024 10:00 PM', '2024-01-05T22:00:00.000Z'],
    ['September 5, 2024', '2024-09-05T00:00:00.000Z'],
    ['29.10.2023 02:00 - 29.10.2023 02:00', '2023-10-29T02:00:00.000Z'],
    ['2024-05-01 07:00 - 08:00', '2024-05-01T07:00:00.000Z'],
    ['26/10/2025 01:45:00 - 26/10/2025 02:00:00 (CEST)', '2025-10-26T01:45:00.000Z'],
    ['03/03/2024 01:00', '2024-03-03T01:00:00.000Z'],
  ])('reads the local time %s', (text, expected) => {
    expect(read(text)).toEqual([expected, false]);
  });

  it.each([
    ['2024-05-01T13:15Z', '2024-05-01T13:15:00.000Z'],
    ['2024-05-01T13:15:00+02:00', '2024-05-01T11:15:00.000Z'],
    ['2024-05-01 13:15:00.25-0330', '2024-05-01T16:45:00.250Z'],
    ['2024-05-01T00:15+01', '2024-04-30T23:15:00.000Z'],
    ['2024-05-01 13:15:00 +02:00', '2024-05-01T11:15:00.000Z'],
    ['2024-05-01 13:15 UTC', '2024-05-01T13:15:00.000Z'],
    ['31/12/2024 23:45 GMT', '2024-12-31T23:45:00.000Z'],
    ['26/10/2025 02:45:00 (CEST) - 26/10/2025 02:00:00 (CET)', '2025-10-26T00:45:00.000Z'],
    ['26/10/2025 02:45 CET', '2025-10-26T01:45:00.000Z'],
    ['2024-05-01T07:00Z/2024-05-01T08:00Z', '2024-05-01T07:00:00.000Z'],
    ['20240501T0705Z', '2024-05-01T07:05:00.000Z'],
  ])('reads the instant %s', (text, expected) => {
    expect(read(text)).toEqual([expected, true]);
  });

  it.each([
    ['abc', "'abc' is not a datetime"],
    ['', "'' is not a datetime"],
    ['2024-13-01', "'2024-13-01' is not a date and time that exists"],
    ['2023-02-29T00:00', "'2023-02-29T00:00' is not a date and time that exists"],
    ['2024-05-01T25:00', "'2024-05-01T25:00' is not a date and time that exists"],
    ['2024-05-01T24:01', "'2024-05-01T24:01' is not a date and time that exists"],
    ['2024-05-01T13:15:', "'2024-05-01T13:15:' is not a datetime"],
    ['2024-05-01T13:15+2', "'2024-05-01T13:15+2' is not a datetime"],
    ['2024-05-01T13:15+25:00', "'2024-05-01T13:15+25:00' is not a datetime"],
    ['2024-05-01T13', "'2024-05-01T13' is not a datetime"],
    ['13/13/2024', "'13/13/2024' is not a date and time that exists"],
    ['13:30 PM 2024-05-01', "'13:30 PM 2024-05-01' is not a datetime"],
    ['01-Foo-2024', "'01-Foo-2024' is not a date and time that exists"],
    ['2024-05-01 07:00 - soon', "'soon' is not a datetime"],
    ['2024-05-01 07:00 (XYZ)', "'2024-05-01 07:00 (XYZ)' is not a datetime"],
    ['1714561200', "'1714561200' is not a datetime"],
  ])('reports why %s is invalid', (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  it('rejects a date with an ambiguous order of day and month', () => {
    expect(read('02/01/2024')).toContain("'02/01/2024' could have its day or its month first");
    expect(read('02/01/2024', new DateTimeReader(true))).toEqual(['2024-01-02T00:00:00.000Z', false]);
    expect(read('02/01/2024', new DateTimeReader(false))).toEqual(['2024-02-01T00:00:00.000Z', false]);
  });

  it('keeps the order of day and month that a previous date has shown', () => {
    const reader = new DateTimeReader();
    expect(read('31/01/2024', reader)).toEqual(['2024-01-31T00:00:00.000Z', false]);
    expect(read('02/01/2024', reader)).toEqual(['2024-01-02T00:00:00.000Z', false]);
    expect(read('01/31/2024', reader)).toBe("'01/31/2024' has its month first, unlike other dates");
  });

  it('agrees with Date on any instant', () => {
    const range = { min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    const reader = new DateTimeReader();
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(read(date.toISOString(), reader)).toEqual([date.toISOString(), true]);
        const seconds = date.toISOString().slice(0, 19);
        expect(read(seconds, reader)).toEqual([`${seconds}.000Z`, false]);
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });
});
