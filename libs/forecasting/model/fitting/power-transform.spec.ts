import { fromScale, findSign, toScale, type Transform } from './power-transform';

describe('Box-Cox transform', () => {
  it('matches a hand calculation', () => {
    // (15.9 / 1 + 0.1)^(1/4) = 2, and (2 - 1) * 4 = 4.
    expect(toScale({ name: 'box-cox', scale: 1 }, 15.9)).toBeCloseTo(4, 12);
  });

  it.each([2, -2])('returns the value after transform and inverse, with scale %d', (scale) => {
    const transform: Transform = { name: 'box-cox', scale };
    for (const size of [0, 0.01, 1, 7, 1e6]) {
      const value = Math.sign(scale) * size + 0;
      expect(fromScale(transform, toScale(transform, value)) / scale).toBeCloseTo(value / scale, 6);
    }
  });
});

it('findSign returns the sign of a series', () => {
  expect(findSign(Float64Array.of(0, 3, NaN))).toBe(1);
  expect(findSign(Float64Array.of(0, -3))).toBe(-1);
  expect(findSign(Float64Array.of(1, -1))).toBe(0);
  expect(findSign(Float64Array.of(0, NaN))).toBe(0);
});
