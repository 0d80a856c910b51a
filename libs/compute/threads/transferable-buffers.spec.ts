import { transferableBuffers } from './transferable-buffers';

describe('transferableBuffers', () => {
  it('finds the buffers of typed arrays at any depth, each one once', () => {
    const prices = Float64Array.of(1, 2);
    const steps = Int32Array.of(1);
    const data = { prices, again: prices, devices: [{ steps, name: 'battery', none: undefined }], count: 1 };
    expect(transferableBuffers(data)).toEqual([prices.buffer, steps.buffer]);
  });

  it('skips buffers that a typed array covers only in part', () => {
    expect(transferableBuffers([Float64Array.of(1, 2, 3).subarray(1)])).toEqual([]);
  });
});
