import { HighsSolver, type Solver } from '#lib/solver';
import type { StorageProblem } from '../problem/storage-problem';
import { buildStorageProblem } from '../reference/build-problems';
import type { PathOptions } from '../stock/cheapest-path';
import { optimiseStorage, type StorageOptimum } from './optimise-storage';

const highs = new HighsSolver();

async function optimise(problem: StorageProblem, options?: PathOptions, solver: Solver = highs) {
  return (await optimiseStorage(problem, solver, options)) as StorageOptimum;
}

describe('optimiseStorage', () => {
  it('uses the convex relaxation if it has no overlaps', async () => {
    const problem = buildStorageProblem({ consumptionPrices: [10, 30, 20], socAtStartMwh: 0 });
    const { cost, ...optimum } = await optimise(problem);
    expect(optimum).toEqual({ powerMw: Float64Array.of(1, -1, 0), method: 'convex', gap: 0 });
    expect(cost).toBeCloseTo(-20, 9);
  });

  it('uses the dynamic program if negative prices would reward wasting energy', async () => {
    const problem = buildStorageProblem({
      consumptionPrices: [-10, -100],
      socAtStartMwh: 4,
      roundtripEfficiency: 0.64,
    });
    const { method, powerMw } = await optimise(problem);
    expect(method).toBe('dynamic-programming');
    expect(powerMw[0]).toBeCloseTo(-0.64, 6);
  });

  it('is neither idle nor unbounded if the production price exceeds the consumption price', async () => {
    const problem = buildStorageProblem({
      consumptionPrices: [10, 10, 10, 10],
      productionPrices: [50, 50, 50, 50],
      roundtripEfficiency: 0.9,
    });
    const { method, cost } = await optimise(problem);
    expect(method).toBe('dynamic-programming');
    // It sells the 2 MWh at start, and what it can buy and sell again in the time left.
    expect(cost).toBeLessThan(-100 + 1e-9);
  });

  it('uses the dynamic program if the solver finds nothing', async () => {
    const failing: Solver = {
      solve: () =>
        Promise.resolve({ status: 'time-limit', objective: NaN, columns: undefined, gap: Infinity }),
    };
    const problem = buildStorageProblem({ consumptionPrices: [10, 30], socAtStartMwh: 0 });
    const optimum = await optimise(problem, { maxPieces: 0 }, failing);
    expect(optimum.method).toBe('dynamic-programming');
    expect(optimum.cost).toBeCloseTo(-20, 9);
  });

  it('uses the linear program if the convex relaxation would need too many pieces', async () => {
    const steps = 200;
    const lake = buildStorageProblem({
      consumptionPrices: Array.from({ length: steps }, (_, t) => 50 + 40 * Math.sin(t / 4) + (t % 7)),
      socAtStartMwh: 1e4,
      socMaxMwh: 2e4,
      socTargets: [{ step: steps, socMwh: 1e4 }],
      roundtripEfficiency: 0.9,
    });
    const linear = await optimise(lake, { maxPieces: 100 });
    const convex = await optimise(lake);
    expect([linear.method, convex.method]).toEqual(['lp', 'convex']);
    expect(linear.cost).toBeCloseTo(convex.cost, 5);
  });

  it('reports a gap if a limit makes the result approximate', async () => {
    const steps = 96;
    const problem = buildStorageProblem({
      stepHours: 0.25,
      consumptionPrices: Array.from(
        { length: steps },
        (_, t) => 60 * Math.sin(t * 0.7) - 50 + 30 * Math.sin(t * 2.9),
      ),
      inflexiblePowerMw: Float64Array.from({ length: steps }, (_, t) => 0.7 * Math.sin(t * 1.3)),
      roundtripEfficiency: 0.7,
    });
    const exact = await optimise(problem);
    const approximate = await optimise(problem, { maxBreakpoints: 4 });
    expect(exact.gap).toBeLessThan(1e-6);
    expect(approximate.gap).toBeGreaterThan(1e-3);
    expect(approximate.cost - exact.cost).toBeLessThanOrEqual(approximate.gap);
  });

  it('returns why no schedule meets all constraints', async () => {
    const problem = buildStorageProblem({
      consumptionPrices: [10, 10],
      socTargets: [{ step: 1, socMwh: 4 }],
    });
    expect(await optimiseStorage(problem, highs)).toEqual({
      kind: 'too-low',
      step: 1,
      wanted: 4,
      nearest: 3,
    });
  });
});
