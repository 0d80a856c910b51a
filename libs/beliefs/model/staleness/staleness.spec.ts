import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time';
import { computedStaleness, measuredStaleness, type ObservedSensor } from './staleness';

const T = Date.parse('2026-03-04T12:00:00Z');
const QUARTER_MS = 15 * MINUTE_MS;

const quarterHours: ObservedSensor = {
  resolutionMs: QUARTER_MS,
  knowledgeTimeAt: (start) => start + QUARTER_MS,
};

/** The latest events before T, each known with a delay after its end. */
const events = (count: number, stepMs: number, delayOf: (index: number) => number) => {
  const eventStarts = Float64Array.from({ length: count }, (_, i) => T - (i + 1) * stepMs);
  return { eventStarts, beliefTimes: eventStarts.map((start, i) => start + stepMs + delayOf(i)) };
};

describe('measuredStaleness', () => {
  it('expects the next event two steps after the end of the latest one, if data arrives at once', () => {
    const rhythm = events(10, QUARTER_MS, () => 0);
    const deadlineMs = T + 2 * QUARTER_MS;
    expect(measuredStaleness(rhythm, quarterHours, deadlineMs)).toEqual({
      ...{ isStale: false, deadlineMs },
      ...{ lastEventStartMs: T - QUARTER_MS, sinceMs: T },
    });
    expect(measuredStaleness(rhythm, quarterHours, deadlineMs + 1).isStale).toBe(true);
  });

  it('waits as long as nine of ten of the latest events needed', () => {
    const rhythm = events(10, QUARTER_MS, (i) => (i === 9 ? DAY_MS : i === 3 ? HOUR_MS : MINUTE_MS));
    expect(measuredStaleness(rhythm, quarterHours, T).deadlineMs).toBe(T + 2 * QUARTER_MS + HOUR_MS);
  });

  it('waits for the next batch if data arrives once a day', () => {
    const rhythm = events(96, QUARTER_MS, (i) => i * QUARTER_MS);
    // 87 of 96 events, nine of ten, arrived within 86 quarter hours.
    expect(measuredStaleness(rhythm, quarterHours, T).deadlineMs).toBe(T + 2 * QUARTER_MS + 86 * QUARTER_MS);
  });

  it('does not wait for years after an import of old data', () => {
    const rhythm = events(100, QUARTER_MS, () => 1000 * DAY_MS);
    expect(measuredStaleness(rhythm, quarterHours, T).deadlineMs).toBe(T + 2 * QUARTER_MS + 2 * DAY_MS);
  });

  it('expects prices of a day when the day before is known', () => {
    const HOURLY: ObservedSensor = {
      resolutionMs: HOUR_MS,
      // Noon of the day before.
      knowledgeTimeAt: (start) => Math.floor(start / DAY_MS) * DAY_MS - 12 * HOUR_MS,
    };
    const midnight = Date.parse('2026-03-06T00:00:00Z');
    const eventStarts = Float64Array.from({ length: 48 }, (_, i) => midnight - (i + 1) * HOUR_MS);
    const beliefTimes = eventStarts.map((start) => HOURLY.knowledgeTimeAt(start) + 50 * MINUTE_MS);
    // The prices of the 6th are known at noon of the 5th, published 50 minutes later; an hour is the tolerance.
    const deadlineMs = Date.parse('2026-03-05T13:50:00Z');
    const found = measuredStaleness({ eventStarts, beliefTimes }, HOURLY, T);
    expect(found).toMatchObject({ deadlineMs, sinceMs: Date.parse('2026-03-04T12:00:00Z') });
  });

  it('takes the usual gap as the step of instantaneous sensors', () => {
    const instants: ObservedSensor = { resolutionMs: 0, knowledgeTimeAt: (start) => start };
    const eventStarts = Float64Array.of(T, T - 5 * MINUTE_MS, T - 10 * MINUTE_MS, T - DAY_MS);
    const rhythm = { eventStarts, beliefTimes: eventStarts };
    expect(measuredStaleness(rhythm, instants, T).deadlineMs).toBe(T + 10 * MINUTE_MS);
    const single = { eventStarts: Float64Array.of(T), beliefTimes: Float64Array.of(T) };
    expect(measuredStaleness(single, instants, T).deadlineMs).toBe(T + 2 * HOUR_MS);
  });

  it('uses the ends of events that all become known at one time', () => {
    const atDate: ObservedSensor = { resolutionMs: QUARTER_MS, knowledgeTimeAt: () => T - 900 * DAY_MS };
    const rhythm = events(10, QUARTER_MS, () => 0);
    expect(measuredStaleness(rhythm, atDate, T).deadlineMs).toBe(T + 2 * QUARTER_MS);
  });
});

describe('computedStaleness', () => {
  const reaching = (leadMs: number, madeMs = T) => ({
    eventStarts: Float64Array.of(madeMs + leadMs),
    beliefTimes: Float64Array.of(madeMs),
  });

  it('expects 12 hours of future from forecasts of two days', () => {
    expect(computedStaleness(reaching(48 * HOUR_MS), T)).toMatchObject({
      isStale: false,
      deadlineMs: T + 36 * HOUR_MS,
    });
    expect(computedStaleness(reaching(48 * HOUR_MS), T + 36 * HOUR_MS + 1).isStale).toBe(true);
  });

  it('expects half of the future that shorter forecasts had', () => {
    expect(computedStaleness(reaching(6 * HOUR_MS), T + 3 * HOUR_MS).isStale).toBe(false);
    expect(computedStaleness(reaching(6 * HOUR_MS), T + 3 * HOUR_MS + 1).isStale).toBe(true);
  });

  it('finds forecasts of the past stale', () => {
    expect(computedStaleness(reaching(-DAY_MS), T).isStale).toBe(true);
  });
});
