import fc from 'fast-check';
import { scaledRuns, seedOrDefault } from '../../../../test/harness/effort';
import { BellmanStep, type StepCost } from './bellman-step';
import { BreakpointList, type PiecewiseLinear } from './piecewise-linear';

const ascending = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength, maxLength }).map((widths) => {
    let at = -2;
    return Float64Array.from(widths, (width) => (at += width / 16));
  });

const valuesFor = (at: Float64Array) =>
  fc
    .array(fc.integer({ min: -40, max: 40 }), { minLength: at.length, maxLength: at.length })
    .map((values) => Float64Array.from(values, (value) => value / 8));

const functionOf = (minLength: number, maxLength: number) =>
  ascending(minLength, maxLength).chain((at) =>
    valuesFor(at).map((value): PiecewiseLinear => ({ at, value })),
  );

function interpolate(at: Float64Array, value: Float64Array, x: number): number {
  for (let i = 0; i < at.length; i++) if (Math.abs(at[i]! - x) < 1e-12) return value[i]!;
  const next = at.findIndex((breakpoint) => breakpoint > x);
  const share = (x - at[next - 1]!) / (at[next]! - at[next - 1]!);
  return value[next - 1]! + share * (value[next]! - value[next - 1]!);
}

/** The minimum over every knot, every breakpoint and many changes in between. */
function bruteForce(next: PiecewiseLinear, { change, cost }: StepCost, stock: number): number {
  const lowest = Math.max(change[0]!, next.at[0]! - stock);
  const highest = Math.min(change.at(-1)!, next.at.at(-1)! - stock);
  const between = Array.from({ length: 50 }, (_, i) => lowest + (i / 49) * (highest - lowest));
  const tried = [...change, ...next.at.map((at) => at - stock), ...between];
  const allowed = tried.filter((one) => one >= lowest - 1e-12 && one <= highest + 1e-12);
  return Math.min(
    ...allowed.map((one) => interpolate(change, cost, one) + interpolate(next.at, next.value, stock + one)),
  );
}

describe('BellmanStep', () => {
  const bellman = new BellmanStep();

  it('finds the minimum over all changes, for any shape of cost and value', () => {
    const exact = fc.property(functionOf(1, 12), functionOf(1, 4), (next, { at: change, value: cost }) => {
      const from = next.at[0]! - change.at(-1)!;
      const to = next.at.at(-1)! - change[0]!;
      const result = new BreakpointList();
      bellman.run(next, { change, cost }, from, to, result);
      const at = result.at.slice(0, result.size);
      const value = result.value.slice(0, result.size);
      expect([at[0], at.at(-1)]).toEqual([from, to]);
      let worst = 0;
      for (let i = 0; i <= 60; i++) {
        const stock = from + (i / 60) * (to - from);
        const difference = interpolate(at, value, stock) - bruteForce(next, { change, cost }, stock);
        worst = Math.max(worst, Math.abs(difference));
      }
      expect(worst).toBeLessThan(1e-9);
    });
    fc.assert(exact, { seed: seedOrDefault(3), numRuns: scaledRuns(60) });
  });

  it('sells stock only as long as that is worth more than keeping it', () => {
    const next = { at: Float64Array.of(0, 2), value: Float64Array.of(0, -2) };
    const sell = { change: Float64Array.of(-1, 0), cost: Float64Array.of(-3, 0) };
    const result = new BreakpointList();
    bellman.run(next, sell, 0, 2, result);
    // Selling earns 3 per unit, keeping 1: one unit is sold, the rest of two units is kept.
    expect([...result.at.slice(0, result.size)]).toEqual([0, 1, 2]);
    expect([...result.value.slice(0, result.size)]).toEqual([0, -3, -4]);
  });
});
