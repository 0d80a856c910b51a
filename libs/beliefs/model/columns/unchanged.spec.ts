import { someBeliefs, type BeliefFixture } from '../reference/beliefs.fixture';
import { unchangedMask } from './unchanged';

const maskOf = (incoming: BeliefFixture[], stored: BeliefFixture[]) =>
  Array.from(unchangedMask(someBeliefs(incoming), someBeliefs(stored)));

describe('unchangedMask', () => {
  it('finds a belief that repeats what the source believed just before', () => {
    const stored = [
      { value: 1, horizonMs: 5 },
      { value: 2, horizonMs: 4 },
    ];
    expect(maskOf([{ value: 2, horizonMs: 3 }], stored)).toEqual([1]);
    expect(maskOf([{ value: 1, horizonMs: 3 }], stored)).toEqual([0]);
  });

  it('judges the first measurement apart from forecasts', () => {
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

  it('compares within one source and one event only, and within the incoming beliefs too', () => {
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

  it('does not look at later beliefs, and knows what is stored at the same time', () => {
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
