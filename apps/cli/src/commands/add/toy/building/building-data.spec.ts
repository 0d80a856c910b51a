import { publishedUntilMs } from './building-data';

describe('publishedUntilMs', () => {
  const until = (now: string): string =>
    new Date(publishedUntilMs(Date.parse(now), 'Europe/Amsterdam')).toISOString();

  it('is the end of today before 13:00, and the end of tomorrow from then on', () => {
    expect(until('2026-03-04T12:59+01:00')).toBe('2026-03-04T23:00:00.000Z');
    expect(until('2026-03-04T13:00+01:00')).toBe('2026-03-05T23:00:00.000Z');
  });

  it('is midnight by local time also around a change of the clocks', () => {
    // The clocks went back on 25 October 2026, at 3:00.
    expect(until('2026-10-24T14:00+02:00')).toBe('2026-10-25T23:00:00.000Z');
    expect(until('2026-10-25T09:00+01:00')).toBe('2026-10-25T23:00:00.000Z');
  });
});
