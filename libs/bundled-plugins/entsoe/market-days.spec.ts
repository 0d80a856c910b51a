import { addDays, dayAt, momentOf } from './market-days';

const HOUR_MS = 3_600_000;
const length = (day: string, zone: string): number =>
  (momentOf(addDays(day, 1), 0, zone) - momentOf(day, 0, zone)) / HOUR_MS;

describe('Days of the market', () => {
  it('have 23 and 25 hours when the clocks change', () => {
    for (const zone of ['Europe/Brussels', 'Europe/Lisbon', 'Europe/Helsinki']) {
      expect([length('2026-03-29', zone), length('2026-10-25', zone), length('2026-10-26', zone)]).toEqual([
        23, 25, 24,
      ]);
    }
    expect(new Date(momentOf('2026-03-29', 13, 'Europe/Brussels')).toISOString()).toBe(
      '2026-03-29T11:00:00.000Z',
    );
    expect(new Date(momentOf('2026-10-25', 0, 'Europe/Brussels')).toISOString()).toBe(
      '2026-10-24T22:00:00.000Z',
    );
  });

  it('contain the moments of their zone', () => {
    expect(dayAt(Date.parse('2026-03-28T22:30Z'), 'Europe/Brussels')).toBe('2026-03-28');
    expect(dayAt(Date.parse('2026-03-28T22:30Z'), 'Europe/Helsinki')).toBe('2026-03-29');
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  });
});
