import { DateFormat } from './date-format';

describe('DateFormat', () => {
  it.each([
    ['%d.%m.%Y %H:%M', '1.2.2024 07:05', '2024-02-01T07:05:00.000Z', false],
    ['%d.%m.%y', '24.02.13', '2013-02-24T00:00:00.000Z', false],
    ['%y.%m.%d', '24.02.13', '2024-02-13T00:00:00.000Z', false],
    ['%b %d, %Y %I:%M %p', 'Jan 5, 2024 12:30 am', '2024-01-05T00:30:00.000Z', false],
    ['%Y%m%dT%H%M%S.%f%z', '20240501T070509.25+0200', '2024-05-01T05:05:09.250Z', true],
    ['%d %B %Y 100%%', '5 September 2024 100%', '2024-09-05T00:00:00.000Z', false],
  ])('reads %s of %s', (format, text, expected, isAware) => {
    expect(new DateFormat(format).read(text)).toEqual({ ms: Date.parse(expected), isAware });
  });

  it.each([
    ['%d.%m.%Y', '1.2.24', "'1.2.24' does not have the date format '%d.%m.%Y'"],
    ['%d.%m.%Y', '1.2.2024 07:05', "'1.2.2024 07:05' does not have the date format '%d.%m.%Y'"],
    ['%d.%m.%Y', '30.02.2024', "'30.02.2024' is not a date and time that exists"],
    ['%d %b %Y', '1 Foo 2024', "'1 Foo 2024' is not a date and time that exists"],
  ])('reports why %s does not read %s', (format, text, reason) => {
    expect(new DateFormat(format).read(text)).toBe(reason);
  });

  it.each(['', '%d.%m', '%Y %m %d %Q', '%Y %m %d %', '%Y%m%d %d', '%Y%m%d'.padEnd(101, ' ')])(
    'rejects the format %j',
    (format) => {
      expect(() => new DateFormat(format)).toThrow(
        expect.objectContaining({ code: 'INVALID_DATE_FORMAT', field: 'date_format' }) as Error,
      );
    },
  );
});
