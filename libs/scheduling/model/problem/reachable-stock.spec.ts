import { reachableStock } from './reachable-stock';

const series = (...values: number[]) => Float64Array.from(values);

function reach(changeMin: number[], changeMax: number[], min: number[], max: number[]) {
  return reachableStock(
    series(...changeMin),
    series(...changeMax),
    { retention: new Float64Array(changeMin.length).fill(1), inflow: new Float64Array(changeMin.length) },
    { min: series(...min), max: series(...max) },
    1e-9,
  );
}

describe('reachableStock', () => {
  it('narrows the range to stocks that the start allows and the target needs', () => {
    expect(reach([-1, -1, -1], [2, 2, 2], [0, -9, -9, 5], [0, 9, 9, 5])).toEqual({
      min: series(0, 1, 3, 5),
      max: series(0, 2, 4, 5),
    });
  });

  it('reports the first bound that cannot be reached', () => {
    expect(reach([0, 0], [1, 1], [0, 0, 3], [0, 9, 9])).toEqual({
      step: 2,
      kind: 'too-low',
      wanted: 3,
      nearest: 2,
    });
    expect(reach([-1, -1], [1, 1], [0, -9, -9], [0, -4, -4])).toEqual({
      step: 1,
      kind: 'too-high',
      wanted: -4,
      nearest: -1,
    });
  });

  it('reports bounds and power limits that contradict each other', () => {
    expect(reach([0], [1], [0, 0.8], [0, 0.5])).toMatchObject({ step: 1, kind: 'contradiction' });
    expect(reach([-1, 2], [1, 1], [0, -9, -9], [0, 9, 9])).toMatchObject({ step: 2, kind: 'power' });
  });

  it('takes losses over time and inflow into account', () => {
    const drift = { retention: series(0.5, 0.5), inflow: series(1, 0) };
    const bounds = { min: series(4, 0, 2), max: series(4, 9, 2) };
    // 4 halves to 2 and 1 flows in: 3, or up to 4 with charging. Half of that remains, and the target is 2.
    expect(reachableStock(series(0, 0), series(1, 1), drift, bounds, 1e-9)).toEqual({
      min: series(4, 3, 2),
      max: series(4, 4, 2),
    });
  });

  it('accepts a bound that is missed by a rounding error', () => {
    expect(reach([0, 0, 0], [0.1, 0.1, 0.1], [0, 0, 0, 0.3 + 1e-12], [0, 9, 9, 9])).toHaveProperty('max');
  });
});
