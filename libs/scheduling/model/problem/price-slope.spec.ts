import { priceSlope } from './price-slope';

const slope = (consumption: number[], production: number[]) => [
  ...priceSlope(Float64Array.from(consumption), Float64Array.from(production)),
];

describe('priceSlope', () => {
  it('rises from 0 to a thousandth of the spread of the prices', () => {
    expect(slope([100, 90, 100], [100, 90, 100])).toEqual([0, 0.005, 0.01]);
  });

  it('uses the smaller spread of the two series', () => {
    expect(slope([0, 100, 50], [0, 20, 10]).at(-1)).toBeCloseTo(0.02, 12);
    expect(slope([0, 20, 10], [0, 100, 50]).at(-1)).toBeCloseTo(0.02, 12);
  });

  it('ignores the spread of a constant series', () => {
    expect(slope([70, 70, 70], [0, 20, 10]).at(-1)).toBeCloseTo(0.02, 12);
  });

  it('reaches 0.001 at the last step if both series are constant', () => {
    expect(slope([70, 70, 70], [30, 30, 30])).toEqual([0, 0.0005, 0.001]);
  });

  it('is 0 for a single step', () => {
    expect(slope([70], [30])).toEqual([0]);
  });
});
