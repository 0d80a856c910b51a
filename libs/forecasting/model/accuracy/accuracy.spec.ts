import { computeAccuracy } from './accuracy';

describe('computeAccuracy', () => {
  it('matches a hand calculation', () => {
    // Errors 1, -2, 0 on values 1, 4, 5.
    expect(computeAccuracy(Float64Array.of(2, 2, 5, NaN), Float64Array.of(1, 4, 5, 9))).toEqual({
      count: 3,
      mae: 1,
      rmse: Math.sqrt(5 / 3),
      wape: 0.3,
    });
  });

  it('returns NaN, not 0, if there is nothing to compare', () => {
    expect(computeAccuracy(Float64Array.of(NaN), Float64Array.of(1))).toEqual({
      count: 0,
      mae: NaN,
      rmse: NaN,
      wape: NaN,
    });
    expect(computeAccuracy(Float64Array.of(1), Float64Array.of(0)).wape).toBeNaN();
  });
});
