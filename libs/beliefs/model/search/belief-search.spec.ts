import { HOUR_MS } from '#lib/time';
import {
  mostRecentPerEvent,
  mostRecentPerEventAndSource,
  oneDeterministicBeliefPerEvent,
} from '../columns/most-recent';
import { EX_POST } from '../knowledge/knowledge-horizon';
import { someBeliefs } from '../reference/beliefs.fixture';
import { searchBeliefs, type BeliefSearchFilter } from './belief-search';

const hours = (...at: number[]) =>
  someBeliefs(at.map((hour) => ({ eventStart: hour * HOUR_MS, value: hour })));

describe('searchBeliefs', () => {
  const find = (resolutionMs: number, filter: BeliefSearchFilter) =>
    Array.from(searchBeliefs(hours(0, 1, 2, 3), { resolutionMs, knowledgeHorizon: EX_POST }, filter).values);

  it.each([
    ['event start, bound included', { eventStartsAfterMs: HOUR_MS }, [1, 2, 3], [1, 2, 3]],
    ['event start before a moment', { eventStartsBeforeMs: 2 * HOUR_MS }, [0, 1], [0, 1]],
    ['event end, bound included', { eventEndsBeforeMs: 2 * HOUR_MS }, [0, 1], [0, 1, 2]],
    ['event end after a moment', { eventEndsAfterMs: 2 * HOUR_MS }, [2, 3], [2, 3]],
    ['belief time', { beliefsAfterMs: 2 * HOUR_MS, beliefsBeforeMs: 3 * HOUR_MS }, [1, 2], [2, 3]],
  ])('filters by %s, for hours and for instants', (_name, filter, ofHours, ofInstants) => {
    expect(find(HOUR_MS, filter)).toEqual(ofHours);
    expect(find(0, filter)).toEqual(ofInstants);
  });

  it.each([
    ['2026-03-28T23:00Z', '2026-03-29T22:00Z', 'the day of 23 hours'],
    ['2026-10-24T22:00Z', '2026-10-25T23:00Z', 'the day of 25 hours'],
  ])('finds the day from %s by its end %s: %s', (start, end) => {
    const beliefs = someBeliefs([{ eventStart: Date.parse(start), value: 1 }]);
    const sensor = { resolutionMs: 24 * HOUR_MS, timezone: 'Europe/Amsterdam', knowledgeHorizon: EX_POST };
    const endMs = Date.parse(end);
    const count = (filter: BeliefSearchFilter) => searchBeliefs(beliefs, sensor, filter).values.length;
    expect(count({ eventEndsBeforeMs: endMs })).toBe(1);
    expect(count({ eventEndsBeforeMs: endMs - 1 })).toBe(0);
    expect(count({ eventEndsAfterMs: endMs - 1 })).toBe(1);
    expect(count({ eventEndsAfterMs: endMs })).toBe(0);
  });

  it('filters by horizon, bounds included, and by source and source type', () => {
    const sensor = {
      resolutionMs: 0,
      knowledgeHorizon: EX_POST,
      typeOfSource: new Map([
        [1, 'user'],
        [2, 'forecaster'],
      ]),
    };
    const beliefs = someBeliefs([
      { value: 1, horizonMs: -1 },
      { value: 2, horizonMs: 0, sourceId: 2 },
      { value: 3, horizonMs: 1 },
    ]);
    const values = (filter: BeliefSearchFilter) => Array.from(searchBeliefs(beliefs, sensor, filter).values);
    expect(values({ horizonAtLeastMs: 0 })).toEqual([2, 3]);
    expect(values({ horizonAtMostMs: 0 })).toEqual([1, 2]);
    expect(values({ sourceIds: [1] })).toEqual([1, 3]);
    expect(values({ sourceIds: [] })).toEqual([]);
    expect(values({ sourceTypes: ['forecaster'] })).toEqual([2]);
  });
});

describe('mostRecentPerEventAndSource, mostRecentPerEvent and oneDeterministicBeliefPerEvent', () => {
  const beliefs = someBeliefs([
    { value: 10, horizonMs: 5, sourceId: 1 },
    { value: 11, horizonMs: 3, sourceId: 1 },
    { value: 20, horizonMs: 3, sourceId: 2, probability: 0.2 },
    { value: 30, horizonMs: 3, sourceId: 2, probability: 0.8 },
    { value: 40, horizonMs: 9, sourceId: 3 },
    { value: 50, eventStart: -1, horizonMs: 9, sourceId: 3, probability: 0.1 },
  ]);

  it('keep the smallest horizon of each source, with all points of a distribution', () => {
    expect(Array.from(mostRecentPerEventAndSource(beliefs).values)).toEqual([11, 20, 30, 40, 50]);
  });

  it('keep the smallest horizon over all sources', () => {
    expect(Array.from(mostRecentPerEvent(beliefs).values)).toEqual([11, 20, 30, 50]);
  });

  it('choose the highest source id of equally recent beliefs, and the median of a distribution', () => {
    const one = oneDeterministicBeliefPerEvent(beliefs);
    expect(Array.from(one.values)).toEqual([50, 30]);
    expect(Array.from(one.eventStarts)).toEqual([-1, 0]);
    expect(Array.from(one.sourceIds)).toEqual([3, 2]);
  });
});
