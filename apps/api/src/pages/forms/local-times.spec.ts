import { instantOf, localOf } from './local-times';

const AMSTERDAM = 'Europe/Amsterdam';

describe('Times of forms', () => {
  it.each([
    ['2026-03-04T07:00', '2026-03-04T07:00:00+01:00'],
    ['2026-07-04 07:00', '2026-07-04T07:00:00+02:00'],
    ['2026-07-04T07:00:30', '2026-07-04T07:00:30+02:00'],
    ['2026-07-04T07:00:00.000', '2026-07-04T07:00:00+02:00'],
    // The clocks skip this time, and show that one twice.
    ['2026-03-29T02:30', '2026-03-29T03:30:00+02:00'],
    ['2026-10-25T02:30', '2026-10-25T02:30:00+02:00'],
  ])('get the offset of the zone: %s', (local, instant) => {
    expect(instantOf(local, AMSTERDAM)).toBe(instant);
  });

  it('stay as they are if they are none', () => {
    for (const text of ['', 'soon', '2026-02-30T07:00', '2026-03-04T25:00', '2026-03-04T07:00Z'])
      expect(instantOf(text, AMSTERDAM)).toBe(text);
  });

  it('are the later one of two moments once the earlier one is over', () => {
    const instant = (now: string) => instantOf('2026-10-25T02:30', AMSTERDAM, Date.parse(now));
    expect(instant('2026-10-25T02:20+02:00')).toBe('2026-10-25T02:30:00+02:00');
    expect(instant('2026-10-25T02:20+01:00')).toBe('2026-10-25T02:30:00+01:00');
    const shown = localOf(Date.parse('2026-10-25T02:30+01:00'), AMSTERDAM);
    expect(instantOf(shown, AMSTERDAM, Date.parse('2026-10-25T02:29+01:00'))).toBe(
      '2026-10-25T02:30:00+01:00',
    );
  });
});
