import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { buildStorageProblem } from '../reference/build-problems';
import { convexPath } from './convex-path';
import { solveDynamicProgram } from './dynamic-program';
import { pathCost } from './path-cost';
import { type StockProblem, toStockProblem } from './stock-problem';

const reduce = (problem: StorageProblem) => toStockProblem(problem, stepLimits(problem)) as StockProblem;

function solve(problem: StorageProblem) {
  const stockProblem = reduce(problem);
  const { stock, lowerBound } = convexPath(stockProblem, Infinity)!;
  return {
    socMwh: [...stock].map((one) =>
      Number((one * stockProblem.stockUnitMwh + problem.socAtStartMwh).toFixed(9)),
    ),
    cost: pathCost(stockProblem, stock) * stockProblem.moneyUnit,
    bound: lowerBound * stockProblem.moneyUnit,
  };
}

describe('convexPath', () => {
  it('charges at the lowest price', () => {
    const { socMwh, cost, bound } = solve(
      buildStorageProblem({ consumptionPrices: [20, 10, 30], socAtStartMwh: 0 }),
    );
    expect(socMwh).toEqual([0, 0, 1, 0]);
    expect(cost).toBeCloseTo(-20, 9);
    expect(bound).toBeCloseTo(-20, 9);
  });

  it('charges only if the profit exceeds the losses', () => {
    // Buying 1 MWh at 20 gives 0.81 MWh at 24 (19.44: no) or at 25 (20.25: yes).
    const lossy = { socAtStartMwh: 0, roundtripEfficiency: 0.81 };
    expect(solve(buildStorageProblem({ consumptionPrices: [20, 24], ...lossy })).cost).toBe(0);
    expect(solve(buildStorageProblem({ consumptionPrices: [20, 25], ...lossy })).cost).toBeCloseTo(-0.25, 9);
  });

  it('takes losses over time and inflow into account', () => {
    // Half of the stock is lost in each step: it meets the target without power.
    const leaky = buildStorageProblem({
      consumptionPrices: [1, 1, 1],
      socAtStartMwh: 4,
      storageEfficiency: 0.5,
      socTargets: [{ step: 3, socMwh: 0.5 }],
      dischargePowerMaxMw: 0,
    });
    expect(solve(leaky).socMwh).toEqual([4, 2, 1, 0.5]);
    const fed = buildStorageProblem({
      consumptionPrices: [1, 5],
      stockInflowMw: Float64Array.of(1, 1),
      socAtStartMwh: 0,
    });
    // The second step needs full power to sell its own inflow, so the first inflow is sold at once.
    expect(solve(fed)).toMatchObject({ socMwh: [0, 0, 0] });
  });

  it('charges at a low price for a load at a high price', () => {
    // Production earns nothing: the only gain is to supply 0.4 MWh of load at 50.
    const home = buildStorageProblem({
      consumptionPrices: [10, 50],
      productionPrices: [0, 0],
      inflexiblePowerMw: Float64Array.of(0, 0.4),
      socAtStartMwh: 0,
    });
    expect(solve(home)).toMatchObject({ socMwh: [0, 0.4, 0] });
    expect(solve(home).cost).toBeCloseTo(0.4 * 10 - 0.4 * 50, 9);
  });

  it('stays idle if there is nothing to gain', () => {
    expect(solve(buildStorageProblem({ consumptionPrices: [0, 0, 0] })).socMwh).toEqual([2, 2, 2, 2]);
  });

  it('gives a lower bound of the cost if charging and discharging at once would pay', () => {
    // The storage is full and consumption is paid for, but energy cannot be wasted.
    const full = buildStorageProblem({
      consumptionPrices: [-10, -100],
      socAtStartMwh: 4,
      roundtripEfficiency: 0.64,
    });
    const { bound } = solve(full);
    expect(bound).toBeLessThanOrEqual(6.4 - 100 + 1e-9);
    expect(bound).toBeGreaterThan(-110);
  });

  it('costs the same as the dynamic program for a storage that loses a tenth in each of 3,000 steps', () => {
    const leaky = buildStorageProblem({
      consumptionPrices: Array.from({ length: 3000 }, (_, t) => 50 + 40 * Math.sin(t / 4) + (t % 7)),
      storageEfficiency: 0.9,
      roundtripEfficiency: 0.9,
      stockInflowMw: Float64Array.from({ length: 3000 }, (_, t) => 0.1 * Math.sin(t / 9)),
    });
    const stockProblem = reduce(leaky);
    const exact = solveDynamicProgram(stockProblem, { maxBreakpoints: Infinity, deadlineMs: Infinity });
    const { cost, bound } = solve(leaky);
    expect(cost).toBeCloseTo(pathCost(stockProblem, exact.stock) * stockProblem.moneyUnit, 6);
    expect(bound).toBeCloseTo(cost, 6);
  });

  it('returns undefined if there are more pieces than allowed', () => {
    expect(convexPath(reduce(buildStorageProblem({ consumptionPrices: [20, 10, 30] })), 1)).toBeUndefined();
  });
});
