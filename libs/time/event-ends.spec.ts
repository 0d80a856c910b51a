import { DAY_MS, eventEnds, HOUR_MS, MINUTE_MS, parseInstant } from './index';

/** Lengths of events in hours. */
function lengths(
  starts: string[],
  lengthMs: number,
  zone = 'Europe/Amsterdam',
  { before, after }: { before?: string; after?: string } = {},
): number[] {
  const eventStarts = Float64Array.from(starts, parseInstant);
  const instant = (text?: string) => (text === undefined ? undefined : parseInstant(text));
  const ends = eventEnds(eventStarts, lengthMs, zone, instant(before), instant(after));
  return Array.from(ends, (end, i) => (end - eventStarts[i]!) / HOUR_MS);
}

describe('eventEnds', () => {
  it('gives days from local midnight 23 or 25 hours at clock changes', () => {
    const spring = ['2026-03-28T00:00+01:00', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00'];
    const autumn = ['2026-10-24T00:00+02:00', '2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00'];
    expect(lengths(spring, DAY_MS)).toEqual([24, 23, 24]);
    expect(lengths(spring.toReversed(), DAY_MS)).toEqual([24, 23, 24]);
    expect(lengths(autumn, DAY_MS)).toEqual([24, 25, 24]);
    expect(autumn.flatMap((day) => lengths([day], DAY_MS))).toEqual([24, 25, 24]);
  });

  it('gives weeks from local midnight the sum of the hours of their days', () => {
    expect(lengths(['2026-03-23T00:00+01:00'], 7 * DAY_MS)).toEqual([7 * 24 - 1]);
  });

  it('gives days 24 hours if a neighbour starts 24 hours later', () => {
    const days = ['2026-03-28T00:00Z', '2026-03-29T00:00Z', '2026-03-30T00:00Z'];
    expect(lengths(days, DAY_MS, 'Europe/London')).toEqual([24, 24, 24]);
    expect(lengths(days.slice(1, 2), DAY_MS, 'Europe/London', { after: days[2] })).toEqual([24]);
    expect(lengths(days.slice(1, 2), DAY_MS, 'Europe/London', { before: days[2] })).toEqual([24]);
  });

  it('adjusts the length of events that do not start at midnight only if a neighbour confirms it', () => {
    const gasDay = '2026-03-28T06:00+01:00';
    expect(lengths([gasDay], DAY_MS)).toEqual([24]);
    expect(lengths([gasDay], DAY_MS, undefined, { after: '2026-03-29T06:00+02:00' })).toEqual([23]);
    const night = '2026-10-25T00:00+02:00';
    expect(lengths([night], 6 * HOUR_MS)).toEqual([6]);
    expect(lengths([night, '2026-10-25T06:00+01:00'], 6 * HOUR_MS)).toEqual([7, 6]);
  });

  it('gives events of an hour or 15 minutes their exact length, also next to gaps', () => {
    expect(lengths(['2026-10-25T02:30+02:00', '2026-10-25T03:30+01:00'], HOUR_MS)).toEqual([1, 1]);
    expect(lengths(['2026-10-25T02:50+02:00', '2026-10-25T02:05+01:00'], 15 * MINUTE_MS)).toEqual([
      0.25, 0.25,
    ]);
    expect(lengths(['2026-03-29T01:30+01:00', '2026-03-29T03:30+02:00'], HOUR_MS)).toEqual([1, 1]);
  });

  it('handles zones with changes of half an hour, and zones that skip midnight or a day', () => {
    expect(lengths(['2026-04-05T00:00+11:00'], DAY_MS, 'Australia/Lord_Howe')).toEqual([24.5]);
    expect(lengths(['2017-10-15T01:00-02:00'], DAY_MS, 'America/Sao_Paulo')).toEqual([24]);
    expect(lengths(['2017-10-14T00:00-03:00'], DAY_MS, 'America/Sao_Paulo')).toEqual([24]);
    expect(lengths(['2011-12-29T00:00-10:00', '2011-12-31T00:00+14:00'], DAY_MS, 'Pacific/Apia')).toEqual([
      24, 24,
    ]);
  });
});
