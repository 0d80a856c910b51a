import { runAtOnce } from '#lib/concurrency';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseInstant } from '#lib/time';
import { LongerEventStream, MAX_WAITING_ROWS } from './longer-event-stream';

const QUARTER_MS = 15 * MINUTE_MS;
const hours = { fromMs: QUARTER_MS, toMs: HOUR_MS, aggregation: 'mean', zone: 'UTC' } as const;

describe('LongerEventStream', () => {
  it('gives out complete events when enough rows wait, and rejects later rows about them', () => {
    const stream = new LongerEventStream(hours, 6);
    const found: number[] = [];
    for (let quarter = 0; quarter < 16; quarter++) {
      expect(stream.add(quarter * QUARTER_MS, NaN, quarter)).toBeUndefined();
      found.push(...(runAtOnce(stream.takeComplete())?.values ?? []));
    }
    expect(found.length).toBeGreaterThan(0);
    expect(stream.add(0, NaN, 1)).toEqual({ kind: 'too late' });
    found.push(...runAtOnce(stream.takeRest()).values);
    expect(found).toEqual([1.5, 5.5, 9.5, 13.5]);
  });

  it('rejects an event that reaches beyond the longer event in which it starts', () => {
    const stream = new LongerEventStream(hours);
    expect(stream.add(50 * MINUTE_MS, NaN, 1)).toEqual({ kind: 'crosses end', longerEndMs: HOUR_MS });
    expect(stream.add(45 * MINUTE_MS, NaN, 1)).toBeUndefined();
  });

  it('accepts a day of 23 hours at the end of a longer event', () => {
    const zone = 'Europe/Amsterdam';
    const stream = new LongerEventStream({ fromMs: DAY_MS, toMs: 2 * DAY_MS, aggregation: 'sum', zone });
    const [first, second] = ['2026-03-28T00:00+01:00', '2026-03-29T00:00+01:00'].map(parseInstant);
    expect(stream.add(first!, NaN, 1)).toBeUndefined();
    expect(stream.add(second!, NaN, 2)).toBeUndefined();
    expect([...runAtOnce(stream.takeRest()).values]).toEqual([3]);
  });

  it('replaces a belief about a part by a later one with the same belief time', () => {
    const stream = new LongerEventStream(hours);
    stream.add(0, 5, 1);
    stream.add(0, 5, 2);
    stream.add(QUARTER_MS, 7, 4);
    expect(runAtOnce(stream.takeRest())).toMatchObject({
      values: Float64Array.of(3),
      beliefTimes: Float64Array.of(7),
    });
  });

  it('rejects rows when too many wait for the end of their longer event', () => {
    const stream = new LongerEventStream({ fromMs: 1, toMs: DAY_MS, aggregation: 'mean', zone: 'UTC' });
    for (let row = 0; row < MAX_WAITING_ROWS; row++) stream.add(row, NaN, 1);
    expect(stream.add(0, NaN, 1)).toEqual({ kind: 'too many' });
  });
});
