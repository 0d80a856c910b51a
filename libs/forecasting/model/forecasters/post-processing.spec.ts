import { explainSnap, postProcess, type PostProcessing } from './post-processing';

describe('postProcess', () => {
  const snap: PostProcessing = {
    snaps: [
      { target: 0, interval: [0, 4] },
      { target: 10, interval: [4, 10] },
    ],
  };

  it('replaces values in an interval with inclusive first and exclusive second bound', () => {
    expect([-1, 0, 3.9, 4, 9.9, 10, 11].map((value) => postProcess(value, snap))).toEqual([
      -1, 0, 0, 10, 10, 10, 11,
    ]);
  });

  it('closes the upper side of an interval with the larger bound first', () => {
    const reverse: PostProcessing = { snaps: [{ target: 10, interval: [10, 4] }] };
    expect([4, 4.1, 10, 10.1].map((value) => postProcess(value, reverse))).toEqual([4, 10, 10, 10.1]);
  });

  it('limits values after it has snapped them', () => {
    const limited = { ...snap, lower: 1, upper: 8 };
    expect([-5, 2, 5, 20, NaN].map((value) => postProcess(value, limited))).toEqual([1, 1, 8, 8, NaN]);
  });
});

describe('explainSnap', () => {
  it('needs an interval that contains its target, or has it as a bound', () => {
    expect(explainSnap({ target: 4, interval: [0, 4] })).toBeUndefined();
    expect(explainSnap({ target: 2, interval: [4, 0] })).toBeUndefined();
    expect(explainSnap({ target: 5, interval: [0, 4] })).toMatch(/within/);
    expect(explainSnap({ target: 1, interval: [1, 1] })).toMatch(/differ/);
  });
});
