import { resamplePower } from './resample-power';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;

describe('resamplePower', () => {
  it('repeats power in shorter steps', () => {
    const power = Float64Array.of(1, -2);
    expect([...resamplePower(power, HOUR_MS, QUARTER_MS)]).toEqual([1, 1, 1, 1, -2, -2, -2, -2]);
  });

  it('averages power over longer steps and rounds to a watt', () => {
    const power = Float64Array.of(1, 0, 0, 1, -1, 0, 0, 0);
    expect([...resamplePower(power, QUARTER_MS, HOUR_MS)]).toEqual([0.5, -0.25]);
    expect([...resamplePower(Float64Array.of(0.1, 0.1, 0), QUARTER_MS, 3 * QUARTER_MS)]).toEqual([0.066667]);
  });

  it('returns power unchanged for steps of the same length', () => {
    const power = Float64Array.of(1, 2);
    expect(resamplePower(power, HOUR_MS, HOUR_MS)).toBe(power);
  });
});
