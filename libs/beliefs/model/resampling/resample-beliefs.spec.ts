import { HOUR_MS, MINUTE_MS } from '#lib/time';
import { EX_POST } from '../knowledge/knowledge-horizon';
import { errorOf, someBeliefs } from '../reference/beliefs.fixture';
import { resampleBeliefs } from './resample-beliefs';

const HALF_MS = 30 * MINUTE_MS;
const onto = (toMs: number, nature: 'flow' | 'stock' = 'flow') => ({
  fromMs: HALF_MS,
  toMs,
  anchorMs: 0,
  nature,
  knowledgeHorizon: EX_POST,
});

describe('resampleBeliefs', () => {
  it('lets a source go on believing what it said before about the other events', () => {
    // Belief times: both halves at -1 h, the second half again at 0.
    const beliefs = someBeliefs([
      { eventStart: 0, horizonMs: HALF_MS + HOUR_MS, value: 2 },
      { eventStart: HALF_MS, horizonMs: HOUR_MS + HOUR_MS, value: 4 },
      { eventStart: HALF_MS, horizonMs: HOUR_MS, value: 8 },
    ]);
    const hourly = resampleBeliefs(beliefs, onto(HOUR_MS));
    expect(Array.from(hourly.values)).toEqual([3, 5]);
    expect(Array.from(hourly.beliefHorizons)).toEqual([2 * HOUR_MS, HOUR_MS]);
    expect(Array.from(hourly.cumulativeProbabilities)).toEqual([0.5, 0.5]);
    expect(Array.from(resampleBeliefs(beliefs, onto(HOUR_MS, 'stock')).values)).toEqual([6, 10]);
  });

  it('keeps sources apart, and a lone distribution as it is', () => {
    const beliefs = someBeliefs([
      { value: 1, probability: 0.2, sourceId: 1 },
      { value: 2, probability: 0.7, sourceId: 1 },
      { value: 9, sourceId: 2 },
    ]);
    const hourly = resampleBeliefs(beliefs, onto(HOUR_MS));
    expect(Array.from(hourly.values)).toEqual([1, 2, 9]);
    expect(Array.from(hourly.cumulativeProbabilities)).toEqual([0.2, 0.7, 0.5]);
  });

  it('repeats flows and splits stocks', () => {
    const beliefs = someBeliefs([{ value: 6, horizonMs: HALF_MS }]);
    const flows = resampleBeliefs(beliefs, onto(10 * MINUTE_MS));
    expect(Array.from(flows.values)).toEqual([6, 6, 6]);
    // All were believed at the moment 0.
    expect(Array.from(flows.beliefHorizons)).toEqual([10, 20, 30].map((minutes) => minutes * MINUTE_MS));
    expect(Array.from(resampleBeliefs(beliefs, onto(10 * MINUTE_MS, 'stock')).values)).toEqual([2, 2, 2]);
  });

  it('refuses resolutions that do not divide each other', () => {
    expect(errorOf(() => resampleBeliefs(someBeliefs([]), onto(20 * MINUTE_MS)))).toMatchObject({
      code: 'INCOMPATIBLE_RESOLUTION',
    });
  });
});
