import { accuracyOf } from './accuracy';

describe('accuracy', () => {
  it('is worked out by hand', () => {
    // Errors 1, -2, 0 on values 1, 4, 5.
    expect(accuracyOf(Float64Array.of(2, 2, 5, NaN), Float64Array.of(1, 4, 5, 9))).toEqual({
      count: 3,
      mae: 1,
      rmse: Math.sqrt(5 / 3),
      wape: 0.3,
    });
  });

  it('says NaN, not 0, where nothing can be said', () => {
    expect(accuracyOf(Float64Array.of(NaN), Float64Array.of(1))).toEqual({
      count: 0,
      mae: NaN,
      rmse: NaN,
      wape: NaN,
    });
    expect(accuracyOf(Float64Array.of(1), Float64Array.of(0)).wape).toBeNaN();
  });
});
