import { wholeBuffersOf } from './whole-buffers';

describe('wholeBuffersOf', () => {
  it('finds the memory of typed arrays anywhere in the data, once each', () => {
    const prices = Float64Array.of(1, 2);
    const steps = Int32Array.of(1);
    const data = { prices, again: prices, devices: [{ steps, name: 'battery', none: undefined }], count: 1 };
    expect(wholeBuffersOf(data)).toEqual([prices.buffer, steps.buffer]);
  });

  it('leaves out memory of which only a part is in the data', () => {
    expect(wholeBuffersOf([Float64Array.of(1, 2, 3).subarray(1)])).toEqual([]);
  });
});
