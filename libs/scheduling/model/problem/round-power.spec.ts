import { roundPower } from './round-power';

describe('roundPower', () => {
  it('rounds to 6 decimals and never gives -0', () => {
    const rounded = [...roundPower(Float64Array.of(0.1234564999, -0.0000004, -1.0000016))];
    expect(rounded).toEqual([0.123456, 0, -1.000002]);
  });
});
