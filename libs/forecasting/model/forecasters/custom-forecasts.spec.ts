import { readCustomForecasts } from './custom-forecasts';

const QUANTILES = [0.1, 0.5, 0.9];

describe('forecasts of a forecaster of the host', () => {
  it('are a number or a band per step', () => {
    const read = readCustomForecasts([1, { low: 1, median: 2, high: 4 }, NaN], 3, QUANTILES);
    expect([...read.values]).toEqual([1, 2, NaN]);
    expect(read.quantiles.map((values) => [...values])).toEqual([
      [NaN, 1, NaN],
      [1, 2, NaN],
      [NaN, 4, NaN],
    ]);
    expect([...readCustomForecasts(Float64Array.of(3), 1, QUANTILES).values]).toEqual([3]);
  });

  it.each([
    [undefined, 'it gave no forecasts, not 1.'],
    [[1, 2], 'it gave 2 forecasts, not 1.'],
    [['1'], 'its forecast of step 0 is no number.'],
    [[Infinity], 'its forecast of step 0 is no number.'],
    [[null], 'its forecast of step 0 is no number.'],
    [[{ median: 1 }], 'its forecast of step 0 is no number.'],
    [[{ low: 2, median: 1, high: 3 }], 'its forecast of step 0 is not ordered: low, median, high.'],
  ])('are refused where they are none: %j', (given, message) => {
    expect(() => readCustomForecasts(given, 1, QUANTILES)).toThrow(new RangeError(message));
  });
});
