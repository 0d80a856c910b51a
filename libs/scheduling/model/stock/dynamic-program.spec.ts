import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { buildStorageProblem } from '../reference/build-problems';
import { type DynamicProgramOptions, solveDynamicProgram } from './dynamic-program';
import { type StockProblem, toStockProblem } from './stock-problem';

const reduce = (problem: StorageProblem) => toStockProblem(problem, stepLimits(problem)) as StockProblem;
const unlimited: DynamicProgramOptions = { maxBreakpoints: Infinity, deadlineMs: Infinity };

function solve(problem: StorageProblem, options = unlimited) {
  const stockProblem = reduce(problem);
  const result = solveDynamicProgram(stockProblem, options);
  return {
    ...result,
    socMwh: [...result.stock].map((stock) => stock * stockProblem.stockUnitMwh + problem.socAtStartMwh),
    cost: result.cost * stockProblem.moneyUnit,
  };
}

/** Two days of quarter-hours with prices of every sign, a varying load, and losses: many breakpoints. */
const volatile = buildStorageProblem({
  stepHours: 0.25,
  consumptionPrices: Array.from(
    { length: 192 },
    (_, t) => 60 * Math.sin(t * 0.7) - 50 + 30 * Math.sin(t * 2.9),
  ),
  productionPrices: Array.from(
    { length: 192 },
    (_, t) => 60 * Math.sin(t * 0.7) - 60 + 45 * Math.sin(t * 2.1),
  ),
  inflexiblePowerMw: Float64Array.from({ length: 192 }, (_, t) => 0.7 * Math.sin(t * 1.3)),
  socMaxMwh: 12,
  roundtripEfficiency: 0.7,
});

describe('solveDynamicProgram', () => {
  it('charges at the lowest price', () => {
    const { socMwh, cost } = solve(
      buildStorageProblem({ consumptionPrices: [20, 10, 30], socAtStartMwh: 0 }),
    );
    expect(socMwh).toEqual([0, 0, 1, 0]);
    expect(cost).toBeCloseTo(-20, 9);
  });

  it('wastes no energy by charging and discharging at once', () => {
    // The storage starts full and consumption is paid for: it discharges when the price is least negative.
    const { socMwh, cost } = solve(
      buildStorageProblem({ consumptionPrices: [-10, -100], socAtStartMwh: 4, roundtripEfficiency: 0.64 }),
    );
    // Room of 0.8 MWh for charging 1 MW takes discharging of 0.64 MW.
    expect(socMwh.map((soc) => Number(soc.toFixed(9)))).toEqual([4, 3.2, 4]);
    expect(cost).toBeCloseTo(6.4 - 100, 9);
  });

  it('either imports or exports if the production price exceeds the consumption price', () => {
    const { cost } = solve(
      buildStorageProblem({ consumptionPrices: [10, 10], productionPrices: [50, 50], socAtStartMwh: 0 }),
    );
    expect(cost).toBeCloseTo(10 - 50, 9);
  });

  it('stays idle if there is nothing to gain', () => {
    expect(solve(buildStorageProblem({ consumptionPrices: [0, 0, 0] })).socMwh).toEqual([2, 2, 2, 2]);
    expect(
      solve(buildStorageProblem({ consumptionPrices: [20, 20], socAtStartMwh: 0, roundtripEfficiency: 0.9 }))
        .cost,
    ).toBe(0);
  });

  it('is exact up to rounding noise and keeps value functions small', () => {
    const result = solve(volatile);
    expect(result.gap).toBeLessThan(1e-9);
    expect(result.largestSize).toBeLessThan(2000);
  });

  it.each([
    ['size', { maxBreakpoints: 8, deadlineMs: Infinity }],
    ['time', { maxBreakpoints: Infinity, deadlineMs: -Infinity }],
  ])('stays within the reported gap under a limit on %s', (kind, options) => {
    const exact = solve(volatile);
    const rough = solve(volatile, options);
    const moneyUnit = reduce(volatile).moneyUnit;
    expect(rough.largestSize).toBeLessThanOrEqual(Math.min(options.maxBreakpoints, 200));
    expect(rough.cost).toBeGreaterThanOrEqual(exact.cost - 1e-6);
    expect(rough.cost - exact.cost).toBeLessThanOrEqual(rough.gap * moneyUnit);
    if (kind === 'size') expect(rough.gap).toBeGreaterThan(1e-9);
  });

  it('handles a stock that is much larger than the power can use', () => {
    const roomy = { ...volatile, socMaxMwh: 1e6, socAtStartMwh: 5e5 };
    const { gap, cost } = solve(roomy);
    expect(gap).toBeLessThan(1e-9);
    // With so much energy and space, the steps are independent.
    expect(cost).toBeCloseTo(bestOfEachStep(roomy), 6);
  });
});

/** Sum of the lowest cost of each step on its own, compared with an idle storage. */
function bestOfEachStep(problem: StorageProblem): number {
  const { knotStarts, knotCost, moneyUnit } = reduce(problem);
  let sum = 0;
  for (let t = 0; t < problem.steps; t++) {
    sum += Math.min(...knotCost.subarray(knotStarts[t], knotStarts[t + 1])) * moneyUnit;
  }
  return sum;
}
