import { addDays, dateAt, startOfDate, startOfDay } from './days';

const AMSTERDAM = 'Europe/Amsterdam';

describe('Days of a zone', () => {
  it.each([
    // The clocks go forward at 02:00 on 29 March, and back at 03:00 on 25 October.
    ['2026-03-29T18:00+02:00', AMSTERDAM, '2026-03-29T00:00+01:00'],
    ['2026-10-25T18:00+01:00', AMSTERDAM, '2026-10-25T00:00+02:00'],
    ['2026-10-25T02:30:00.123+01:00', AMSTERDAM, '2026-10-25T00:00+02:00'],
    ['2026-07-01T00:00+02:00', AMSTERDAM, '2026-07-01T00:00+02:00'],
    ['2026-07-01T12:00Z', 'UTC', '2026-07-01T00:00Z'],
    // The clocks skip midnight.
    ['2026-03-29T12:00+03:00', 'Asia/Beirut', '2026-03-29T01:00+03:00'],
  ])('have the day of %s in %s begin at %s', (instant, zone, start) => {
    expect(startOfDay(Date.parse(instant), zone)).toBe(Date.parse(start));
  });

  it('are longer or shorter when the clocks change', () => {
    const hours = (date: string) =>
      (startOfDate(addDays(date, 1), AMSTERDAM) - startOfDate(date, AMSTERDAM)) / 3_600_000;
    expect(['2026-03-28', '2026-03-29', '2026-10-25'].map(hours)).toEqual([24, 23, 25]);
  });

  it('follow each other over the ends of months and years', () => {
    expect([addDays('2026-12-31', 1), addDays('2028-03-01', -1)]).toEqual(['2027-01-01', '2028-02-29']);
    expect(dateAt(Date.parse('2026-12-31T23:30Z'), AMSTERDAM)).toBe('2027-01-01');
  });
});
