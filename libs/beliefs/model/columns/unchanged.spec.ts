import { someBeliefs, type BeliefFixture } from '../reference/beliefs.fixture';
import { unchangedMask } from './unchanged';

const maskOf = (incoming: BeliefFixture[], stored: BeliefFixture[]) =>
  Array.from(unchangedMask(someBeliefs(incoming), someBeliefs(stored)));

describe('unchangedMask', () => {
  it('marks a belief that repeats its source’s previous belief', () => {
    const stored = [
      { value: 1, horizonMs: 5 },
      { value: 2, horizonMs: 4 },
    ];
    expect(maskOf([{ value: 2, horizonMs: 3 }], stored)).toEqual([1]);
    expect(maskOf([{ value: 1, horizonMs: 3 }], stored)).toEqual([0]);
  });

  it('does not compare the first measurement with forecasts', () => {
    const stored = [{ value: 1, horizonMs: 5 }];
    expect(
      maskOf(
        [
          { value: 1, horizonMs: 0 },
          { value: 1, horizonMs: -1 },
        ],
        stored,
      ),
    ).toEqual([0, 1]);
  });

  it('compares beliefs of one source about one event only, also incoming ones with each other', () => {
    const stored = [{ value: 1, horizonMs: 5, sourceId: 1 }];
    expect(maskOf([{ value: 1, horizonMs: 4, sourceId: 2 }], stored)).toEqual([0]);
    expect(maskOf([{ value: 1, horizonMs: 4, eventStart: 9 }], stored)).toEqual([0]);
    expect(
      maskOf(
        [
          { value: 2, horizonMs: 3 },
          { value: 2, horizonMs: 4 },
        ],
        stored,
      ),
    ).toEqual([1, 0]);
  });

  it('ignores later beliefs, and marks a belief that is stored with the same belief time', () => {
    expect(maskOf([{ value: 1, horizonMs: 6 }], [{ value: 1, horizonMs: 5 }])).toEqual([0]);
    expect(maskOf([{ value: 1, horizonMs: 5 }], [{ value: 1, horizonMs: 5 }])).toEqual([1]);
    expect(maskOf([{ value: 2, horizonMs: 5 }], [{ value: 1, horizonMs: 5 }])).toEqual([0]);
  });

  it('compares distributions as a whole', () => {
    const stored = [
      { value: 1, horizonMs: 5, probability: 0.2 },
      { value: 2, horizonMs: 5, probability: 0.8 },
    ];
    const same = stored.map((point) => ({ ...point, horizonMs: 4 }));
    expect(maskOf(same, stored)).toEqual([1, 1]);
    expect(maskOf([same[0]!, { ...same[1]!, value: 3 }], stored)).toEqual([0, 0]);
    expect(maskOf([same[0]!], stored)).toEqual([0]);
  });
});
