import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { aProblem } from '../reference/a-problem';
import { convexPath } from './convex-path';
import { solveDynamicProgram } from './dynamic-program';
import { pathCost } from './path-cost';
import { type StockProblem, toStockProblem } from './stock-problem';

const reduced = (problem: StorageProblem) => toStockProblem(problem, stepLimits(problem)) as StockProblem;

function solve(problem: StorageProblem) {
  const scaled = reduced(problem);
  const { stock, lowerBound } = convexPath(scaled, Infinity)!;
  return {
    socMwh: [...stock].map((one) => Number((one * scaled.stockUnitMwh + problem.socAtStartMwh).toFixed(9))),
    cost: pathCost(scaled, stock) * scaled.moneyUnit,
    bound: lowerBound * scaled.moneyUnit,
  };
}

describe('convexPath', () => {
  test('waits with charging for the lowest price', () => {
    const { socMwh, cost, bound } = solve(aProblem({ consumptionPrices: [20, 10, 30], socAtStartMwh: 0 }));
    expect(socMwh).toEqual([0, 0, 1, 0]);
    expect(cost).toBeCloseTo(-20, 9);
    expect(bound).toBeCloseTo(-20, 9);
  });

  test('charges only what the losses leave a profit on', () => {
    // Buying 1 MWh at 20 gives 0.81 MWh at 24 (19.44: no) or at 25 (20.25: yes).
    const lossy = { socAtStartMwh: 0, roundtripEfficiency: 0.81 };
    expect(solve(aProblem({ consumptionPrices: [20, 24], ...lossy })).cost).toBe(0);
    expect(solve(aProblem({ consumptionPrices: [20, 25], ...lossy })).cost).toBeCloseTo(-0.25, 9);
  });

  test('counts what is lost over time, and what flows in', () => {
    // Half is lost in each step: no power brings it to the target.
    const leaky = aProblem({
      consumptionPrices: [1, 1, 1],
      socAtStartMwh: 4,
      storageEfficiency: 0.5,
      socTargets: [{ step: 3, socMwh: 0.5 }],
      dischargePowerMaxMw: 0,
    });
    expect(solve(leaky).socMwh).toEqual([4, 2, 1, 0.5]);
    const fed = aProblem({
      consumptionPrices: [1, 5],
      stockInflowMw: Float64Array.of(1, 1),
      socAtStartMwh: 0,
    });
    // Full power is needed in the second step for what flows in then, so the first inflow is sold at once.
    expect(solve(fed)).toMatchObject({ socMwh: [0, 0, 0] });
  });

  test('buys for the load behind the connection what it would have to buy dearly later', () => {
    // Production earns nothing: only 0.4 MWh of load at 50 can be saved.
    const home = aProblem({
      consumptionPrices: [10, 50],
      productionPrices: [0, 0],
      inflexiblePowerMw: Float64Array.of(0, 0.4),
      socAtStartMwh: 0,
    });
    expect(solve(home)).toMatchObject({ socMwh: [0, 0.4, 0] });
    expect(solve(home).cost).toBeCloseTo(0.4 * 10 - 0.4 * 50, 9);
  });

  test('stays idle where nothing can be gained', () => {
    expect(solve(aProblem({ consumptionPrices: [0, 0, 0] })).socMwh).toEqual([2, 2, 2, 2]);
  });

  test('bounds the cost from below where doing two things at once would pay', () => {
    // Full, and paid for consuming: burning energy is not allowed.
    const full = aProblem({ consumptionPrices: [-10, -100], socAtStartMwh: 4, roundtripEfficiency: 0.64 });
    const { bound } = solve(full);
    expect(bound).toBeLessThanOrEqual(6.4 - 100 + 1e-9);
    expect(bound).toBeGreaterThan(-110);
  });

  test('finds what the dynamic program finds for a store that loses a tenth in each of very many steps', () => {
    const leaky = aProblem({
      consumptionPrices: Array.from({ length: 3000 }, (_, t) => 50 + 40 * Math.sin(t / 4) + (t % 7)),
      storageEfficiency: 0.9,
      roundtripEfficiency: 0.9,
      stockInflowMw: Float64Array.from({ length: 3000 }, (_, t) => 0.1 * Math.sin(t / 9)),
    });
    const scaled = reduced(leaky);
    const exact = solveDynamicProgram(scaled, { maxBreakpoints: Infinity, deadlineMs: Infinity });
    const { cost, bound } = solve(leaky);
    expect(cost).toBeCloseTo(pathCost(scaled, exact.stock) * scaled.moneyUnit, 6);
    expect(bound).toBeCloseTo(cost, 6);
  });

  test('gives up beyond a number of pieces', () => {
    expect(convexPath(reduced(aProblem({ consumptionPrices: [20, 10, 30] })), 1)).toBeUndefined();
  });
});
