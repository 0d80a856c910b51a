import { readCustomForecasts } from './custom-forecasts';

const QUANTILES = [0.1, 0.5, 0.9];

describe('readCustomForecasts', () => {
  it('reads a number or a prediction interval per step', () => {
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
    [undefined, 'it returned no list of forecasts; 1 forecast is needed.'],
    [[1, 2], 'it returned 2 forecasts; 1 is needed.'],
    [['1'], 'its forecast of step 0 is not a number.'],
    [[Infinity], 'its forecast of step 0 is not a number.'],
    [[null], 'its forecast of step 0 is not a number.'],
    [[{ median: 1 }], 'its forecast of step 0 is not a number.'],
    [[{ low: 2, median: 1, high: 3 }], 'its forecast of step 0 must satisfy low <= median <= high.'],
  ])('rejects %j', (given, message) => {
    expect(() => readCustomForecasts(given, 1, QUANTILES)).toThrow(new RangeError(message));
  });
});
