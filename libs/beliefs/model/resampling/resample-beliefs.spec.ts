import { runAtOnce } from '#lib/concurrency';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseInstant } from '#lib/time';
import type { BeliefColumns } from '../columns/belief-columns';
import { EX_POST } from '../knowledge/knowledge-horizon';
import { errorOf, someBeliefs } from '../reference/beliefs.fixture';
import { pickInstantsOnSteps, resampleBeliefs } from './resample-beliefs';

const HALF_MS = 30 * MINUTE_MS;
const onto = (toMs: number, aggregation: 'mean' | 'sum' = 'mean', fromMs = HALF_MS, zone = 'UTC') => ({
  fromMs,
  toMs,
  zone,
  aggregation,
  knowledgeHorizon: EX_POST,
});
const valuesOf = ({ values }: BeliefColumns): number[] => Array.from(values);
const horizonsOf = ({ beliefHorizons }: BeliefColumns): number[] => Array.from(beliefHorizons);

describe('resampleBeliefs to longer events', () => {
  it('combines a new belief about one part with the latest beliefs about the others', () => {
    // Belief times: both halves at -1 h, the second half again at 0.
    const beliefs = someBeliefs([
      { eventStart: 0, horizonMs: HALF_MS + HOUR_MS, value: 2 },
      { eventStart: HALF_MS, horizonMs: HOUR_MS + HOUR_MS, value: 4 },
      { eventStart: HALF_MS, horizonMs: HOUR_MS, value: 8 },
    ]);
    const hourly = resampleBeliefs(beliefs, onto(HOUR_MS));
    expect(valuesOf(hourly)).toEqual([3, 5]);
    expect(horizonsOf(hourly)).toEqual([2 * HOUR_MS, HOUR_MS]);
    expect(Array.from(hourly.cumulativeProbabilities)).toEqual([0.5, 0.5]);
    expect(valuesOf(resampleBeliefs(beliefs, onto(HOUR_MS, 'sum')))).toEqual([6, 10]);
  });

  it('gives one measurement for a series of measurements', () => {
    const beliefs = someBeliefs([
      { eventStart: 0, value: 2 },
      { eventStart: HALF_MS, value: 4 },
    ]);
    const hourly = resampleBeliefs(beliefs, onto(HOUR_MS));
    expect(valuesOf(hourly)).toEqual([3]);
    expect(horizonsOf(hourly)).toEqual([0]);
  });

  it('keeps sources apart, and leaves a distribution without others unchanged', () => {
    const beliefs = someBeliefs([
      { value: 1, probability: 0.2, sourceId: 1 },
      { value: 2, probability: 0.7, sourceId: 1 },
      { value: 9, sourceId: 2 },
    ]);
    const hourly = resampleBeliefs(beliefs, onto(HOUR_MS));
    expect(valuesOf(hourly)).toEqual([1, 2, 9]);
    expect(Array.from(hourly.cumulativeProbabilities)).toEqual([0.2, 0.7, 0.5]);
  });

  it('takes distributions of parts as independent', () => {
    const half = (eventStart: number, high: number) => [
      { eventStart, value: 0, probability: 0.5, horizonMs: DAY_MS + eventStart },
      { eventStart, value: high, probability: 1, horizonMs: DAY_MS + eventStart },
    ];
    const beliefs = someBeliefs([...half(0, 2), ...half(HALF_MS, 4)]);
    const hourly = resampleBeliefs(beliefs, onto(HOUR_MS));
    expect(valuesOf(hourly)).toEqual([0, 1, 2, 3]);
    expect(Array.from(hourly.cumulativeProbabilities)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(horizonsOf(hourly)).toEqual(Array(4).fill(DAY_MS + HALF_MS));
  });

  it('orders beliefs by event, belief time and source', () => {
    const beliefs = someBeliefs([
      { sourceId: 2, horizonMs: 3, value: 1 },
      { sourceId: 1, horizonMs: 2, value: 2 },
      { sourceId: 2, horizonMs: 2, value: 3 },
      { eventStart: HOUR_MS, sourceId: 1, horizonMs: 9, value: 4 },
    ]);
    expect(valuesOf(resampleBeliefs(beliefs, onto(HOUR_MS)))).toEqual([1, 2, 3, 4]);
  });

  it('has days of 23 hours where the clocks change', () => {
    const start = parseInstant('2026-03-28T23:00Z');
    const hours = someBeliefs(
      Array.from({ length: 47 }, (_, i) => ({ eventStart: start + i * HOUR_MS, value: 1 })),
    );
    const days = resampleBeliefs(hours, onto(DAY_MS, 'sum', HOUR_MS, 'Europe/Amsterdam'));
    expect(valuesOf(days)).toEqual([23, 24]);
    expect(Array.from(days.eventStarts)).toEqual([start, start + 23 * HOUR_MS]);
  });
});

describe('resampleBeliefs of instants', () => {
  it('gives the mean of readings, also of a level, as a measurement once the event is over', () => {
    const readings = someBeliefs([
      { eventStart: 0, value: 4 },
      { eventStart: 7 * MINUTE_MS, value: 6 },
    ]);
    const hourly = resampleBeliefs(readings, onto(HOUR_MS, 'sum', 0));
    expect(valuesOf(hourly)).toEqual([5]);
    expect(horizonsOf(hourly)).toEqual([0]);
  });
});

describe('resampleBeliefs to shorter events', () => {
  it('repeats means and divides amounts, with the same belief time', () => {
    const beliefs = someBeliefs([{ value: 6, horizonMs: HALF_MS }]);
    const means = resampleBeliefs(beliefs, onto(10 * MINUTE_MS));
    expect(valuesOf(means)).toEqual([6, 6, 6]);
    // All were believed at the moment 0.
    expect(horizonsOf(means)).toEqual([10, 20, 30].map((minutes) => minutes * MINUTE_MS));
    expect(valuesOf(resampleBeliefs(beliefs, onto(10 * MINUTE_MS, 'sum')))).toEqual([2, 2, 2]);
  });

  it('orders beliefs by event where there are several about each', () => {
    const beliefs = someBeliefs([
      { value: 1, horizonMs: HOUR_MS },
      { value: 2, horizonMs: 0 },
    ]);
    expect(valuesOf(resampleBeliefs(beliefs, onto(15 * MINUTE_MS)))).toEqual([1, 2, 1, 2]);
  });

  it('gives a day 25 hours where the clocks change, and lets no event reach into the next', () => {
    const eventStart = parseInstant('2026-10-24T22:00Z');
    const day = someBeliefs([{ eventStart, value: 50 }]);
    const inHours = onto(HOUR_MS, 'sum', DAY_MS, 'Europe/Amsterdam');
    expect(valuesOf(resampleBeliefs(day, inHours))).toEqual(Array(25).fill(2));
    expect(valuesOf(resampleBeliefs(day, inHours, eventStart + 10 * HOUR_MS))).toEqual(Array(10).fill(5));
  });
});

describe('resampleBeliefs', () => {
  it.each([
    [HALF_MS, 20 * MINUTE_MS],
    [HALF_MS, 0],
    [0, -1],
  ])('refuses to bring events of %d ms onto %d ms', (fromMs, toMs) => {
    expect(errorOf(() => resampleBeliefs(someBeliefs([]), onto(toMs, 'mean', fromMs)))).toMatchObject({
      code: 'INCOMPATIBLE_RESOLUTION',
    });
  });

  it('returns the beliefs themselves in their own resolution', () => {
    const beliefs = someBeliefs([{ value: 1 }]);
    expect(resampleBeliefs(beliefs, onto(HALF_MS))).toBe(beliefs);
  });
});

describe('pickInstantsOnSteps', () => {
  it('keeps the instants at steps of the clock', () => {
    const instants = someBeliefs([0, 15, 30, 59, 60].map((m) => ({ eventStart: m * MINUTE_MS, value: m })));
    expect(valuesOf(runAtOnce(pickInstantsOnSteps(instants, HALF_MS, 'UTC')))).toEqual([0, 30, 60]);
    expect(valuesOf(runAtOnce(pickInstantsOnSteps(instants, HOUR_MS, 'Asia/Kolkata')))).toEqual([30]);
  });
});
