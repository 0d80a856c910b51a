import fc from 'fast-check';
import { BreakpointList, type PiecewiseLinear, simplify } from './piecewise-linear';

function listOf(points: readonly (readonly [number, number])[]): BreakpointList {
  const list = new BreakpointList();
  for (const [at, value] of points) list.push(at, value);
  return list;
}

function valueAt({ at, value }: PiecewiseLinear, x: number): number {
  const next = Math.max(
    1,
    at.findIndex((breakpoint) => breakpoint >= x),
  );
  const share = (x - at[next - 1]!) / (at[next]! - at[next - 1]!);
  return value[next - 1]! + share * (value[next]! - value[next - 1]!);
}

describe('simplify', () => {
  it('drops points on a straight line and keeps kinks', () => {
    const simplified = simplify(listOf([[0, 0], [1, 1], [2, 2], [3, 2], [4, 2]]), 1e-12); // prettier-ignore
    expect(simplified).toEqual({ at: Float64Array.of(0, 2, 4), value: Float64Array.of(0, 2, 2) });
  });

  it('keeps single points and both ends', () => {
    expect(simplify(listOf([[3, 7]]), 1)).toEqual({ at: Float64Array.of(3), value: Float64Array.of(7) });
    expect(simplify(listOf([[0, 1], [9, 1]]), 1).at).toEqual(Float64Array.of(0, 9)); // prettier-ignore
  });

  it('changes the function by no more than the tolerance', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 2,
      maxLength: 60,
    });
    const withinTolerance = fc.property(steps, fc.constantFrom(0.01, 0.1, 1), (changes, tolerance) => {
      let at = 0;
      const points = changes.map(([width, value]) => [(at += width / 10), value / 20] as const);
      const simplified = simplify(listOf(points), tolerance);
      for (const [x, value] of points) {
        expect(Math.abs(valueAt(simplified, x) - value)).toBeLessThanOrEqual(tolerance + 1e-9);
      }
    });
    fc.assert(withinTolerance, { seed: 1 });
  });
});

describe('BreakpointList', () => {
  it('grows beyond its initial capacity', () => {
    const list = new BreakpointList();
    for (let i = 0; i < 3000; i++) list.push(i, -i);
    expect([list.size, list.at[2999], list.value[2999]]).toEqual([3000, 2999, -2999]);
  });
});
