import { KnownValues } from './known-values';

describe('KnownValues', () => {
  const values = Float64Array.of(1, NaN, NaN, 4, NaN, 6, NaN, NaN, NaN, 10);
  const known = new KnownValues(values, 2);

  it('interpolates short gaps once the value after them is known', () => {
    expect(known.at(1, 3)).toBe(2);
    expect(known.at(2, 9)).toBe(3);
    expect(known.at(4, 5)).toBe(5);
  });

  it('repeats the last value while the value after a gap is unknown', () => {
    expect(known.at(1, 1)).toBe(1);
    expect(known.at(2, 2)).toBe(1);
    expect(known.at(7, 7)).toBe(6);
  });

  it('returns NaN in long gaps and before the first value', () => {
    expect(known.at(8, 8)).toBeNaN();
    expect(known.at(7, 9)).toBeNaN();
    expect(known.at(-1, 5)).toBeNaN();
    expect(new KnownValues(Float64Array.of(NaN, 2), 5).at(0, 1)).toBeNaN();
  });

  it('returns the mean of the known values if at least half are known', () => {
    expect(known.mean(3, 4)).toBe(2.5);
    expect(known.mean(9, 4)).toBeNaN();
    expect(known.mean(1, 3)).toBeNaN();
  });
});
