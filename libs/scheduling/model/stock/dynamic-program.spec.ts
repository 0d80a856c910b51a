import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { aProblem } from '../reference/a-problem';
import { type DynamicProgramOptions, solveDynamicProgram } from './dynamic-program';
import { pathCost } from './path-cost';
import { type StockProblem, toStockProblem } from './stock-problem';

const reduced = (problem: StorageProblem) => toStockProblem(problem, stepLimits(problem)) as StockProblem;
const unlimited: DynamicProgramOptions = { maxBreakpoints: Infinity, deadlineMs: Infinity };

function solve(problem: StorageProblem, options = unlimited) {
  const scaled = reduced(problem);
  const result = solveDynamicProgram(scaled, options);
  return {
    ...result,
    socMwh: [...result.stock].map((stock) => stock * scaled.stockUnitMwh + problem.socAtStartMwh),
    cost: pathCost(scaled, result.stock) * scaled.moneyUnit,
  };
}

/** A day of quarter-hours with prices of every sign, a wavy load, and losses: many breakpoints. */
const restless = aProblem({
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
  test('waits with charging for the lowest price', () => {
    const { socMwh, cost } = solve(aProblem({ consumptionPrices: [20, 10, 30], socAtStartMwh: 0 }));
    expect(socMwh).toEqual([0, 0, 1, 0]);
    expect(cost).toBeCloseTo(-20, 9);
  });

  test('burns no energy by doing two things at once', () => {
    // Full at the start, it is paid for consuming: it discharges to make room only where the price is least negative.
    const { socMwh, cost } = solve(
      aProblem({ consumptionPrices: [-10, -100], socAtStartMwh: 4, roundtripEfficiency: 0.64 }),
    );
    // Room of 0.8 MWh for charging 1 MW takes discharging of 0.64 MW.
    expect(socMwh.map((soc) => Number(soc.toFixed(9)))).toEqual([4, 3.2, 4]);
    expect(cost).toBeCloseTo(6.4 - 100, 9);
  });

  test('imports or exports, never both, when production pays more than consumption costs', () => {
    const { cost } = solve(
      aProblem({ consumptionPrices: [10, 10], productionPrices: [50, 50], socAtStartMwh: 0 }),
    );
    expect(cost).toBeCloseTo(10 - 50, 9);
  });

  test('stays idle where nothing can be gained', () => {
    expect(solve(aProblem({ consumptionPrices: [0, 0, 0] })).socMwh).toEqual([2, 2, 2, 2]);
    expect(
      solve(aProblem({ consumptionPrices: [20, 20], socAtStartMwh: 0, roundtripEfficiency: 0.9 })).cost,
    ).toBe(0);
  });

  test('is exact up to rounding noise and small', () => {
    const result = solve(restless);
    expect(result.approximated).toBe(false);
    expect(result.gap).toBeLessThan(1e-9);
    expect(result.mostBreakpoints).toBeLessThan(2000);
  });

  test.each([
    ['size', { maxBreakpoints: 8, deadlineMs: Infinity }],
    ['time', { maxBreakpoints: Infinity, deadlineMs: -Infinity }],
  ])('a limit on %s gives a schedule within the gap it reports', (kind, options) => {
    const exact = solve(restless);
    const rough = solve(restless, options);
    const moneyUnit = reduced(restless).moneyUnit;
    expect(rough.mostBreakpoints).toBeLessThanOrEqual(Math.min(options.maxBreakpoints, 200));
    expect(rough.cost).toBeGreaterThanOrEqual(exact.cost - 1e-6);
    expect(rough.cost - exact.cost).toBeLessThanOrEqual(rough.gap * moneyUnit);
    if (kind === 'size') expect(rough).toMatchObject({ approximated: true });
  });

  test('the stock may have much more room than the power can use', () => {
    const roomy = { ...restless, socMaxMwh: 1e6, socAtStartMwh: 5e5 };
    const { gap, cost } = solve(roomy);
    expect(gap).toBeLessThan(1e-9);
    // With room and energy to spare every step stands alone.
    expect(cost).toBeCloseTo(bestOfEachStep(roomy), 6);
  });
});

/** Sum of the cheapest cost of each step on its own, compared with idling. */
function bestOfEachStep(problem: StorageProblem): number {
  const { knotStarts, knotCost, moneyUnit } = reduced(problem);
  let sum = 0;
  for (let t = 0; t < problem.steps; t++) {
    sum += Math.min(...knotCost.subarray(knotStarts[t], knotStarts[t + 1])) * moneyUnit;
  }
  return sum;
}
