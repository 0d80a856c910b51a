import { resampleInstants, type InstantMethod } from './resample-instants';

const times = Float64Array.of(0, 10, 20, 40, 50);
const values = Float64Array.of(1, 2, NaN, 4, 9);
const steps = Float64Array.of(-15, 0, 15, 30, 45, 60);

const resampled = (method?: InstantMethod) => Array.from(resampleInstants(times, values, steps, 15, method));

describe('resampleInstants', () => {
  it.each([
    [undefined, [NaN, 1, NaN, NaN, NaN, NaN]],
    ['interpolate', [NaN, 1, 2 + 2 / 6, 2 + 4 / 3, 6.5, NaN]],
    ['ffill', [NaN, 1, 2, 2, 4, 9]],
    ['bfill', [1, 1, 4, 4, 9, NaN]],
    ['nearest', [1, 1, 2, 4, 9, 9]],
    ['first', [NaN, 1, NaN, 4, 9, NaN]],
    ['last', [NaN, 2, NaN, 4, 9, NaN]],
    ['min', [NaN, 1, NaN, 4, 9, NaN]],
    ['max', [NaN, 2, NaN, 4, 9, NaN]],
    ['mean', [NaN, 1.5, NaN, 4, 9, NaN]],
    ['median', [NaN, 1.5, NaN, 4, 9, NaN]],
    ['sum', [NaN, 3, NaN, 4, 9, NaN]],
    ['count', [NaN, 2, NaN, 1, 1, NaN]],
  ] as [InstantMethod | undefined, number[]][])('resamples by method %s', (method, expected) => {
    const rounded = (value: number) => Number(value.toFixed(9));
    expect(resampled(method).map(rounded)).toEqual(expected.map(rounded));
  });

  it('returns NaN if nothing is known', () => {
    const none = resampleInstants(new Float64Array(0), new Float64Array(0), steps, 15, 'interpolate');
    expect(Array.from(none)).toEqual(Array.from(steps, () => NaN));
  });
});
