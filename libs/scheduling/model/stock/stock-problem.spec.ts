import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { buildStorageProblem } from '../reference/build-problems';
import { changeCost, pathCost } from './path-cost';
import { type StockProblem, toStockProblem } from './stock-problem';

function reduce(problem: StorageProblem): StockProblem {
  const result = toStockProblem(problem, stepLimits(problem));
  if ('kind' in result) throw new Error(result.kind);
  return result;
}

describe('toStockProblem', () => {
  it('scales stock by the largest change and money by the largest cost of a step', () => {
    const problem = reduce(buildStorageProblem({ consumptionPrices: [-50, 20], roundtripEfficiency: 0.25 }));
    expect(problem.stockUnitMwh).toBe(2);
    expect(problem.moneyUnit).toBe(50);
    expect([...problem.knotStarts]).toEqual([0, 3, 6]);
    expect([...problem.knotChange]).toEqual([-1, 0, 0.25, -1, 0, 0.25]);
    expect([...problem.knotCost]).toEqual([1, 0, -1, -0.4, 0, 0.4]);
  });

  it('adds a knot where the site changes from producing to consuming', () => {
    const problem = reduce(
      buildStorageProblem({
        consumptionPrices: [100],
        productionPrices: [40],
        inflexiblePowerMw: Float64Array.of(-0.5),
      }),
    );
    expect([...problem.knotChange]).toEqual([-1, 0, 0.5, 1]);
    // The first 0.5 MW reduce production at 40, the next 0.5 MW are bought at 100.
    expect([...problem.knotCost].map((cost) => cost * problem.moneyUnit)).toEqual([-40, 0, 20, 70]);
  });

  it('gives one knot per step for a storage without power', () => {
    const problem = reduce(
      buildStorageProblem({ consumptionPrices: [5, 6], chargePowerMaxMw: 0, dischargePowerMaxMw: 0 }),
    );
    expect([...problem.knotStarts]).toEqual([0, 1, 2]);
    expect(pathCost(problem, new Float64Array(3))).toBe(0);
  });

  it('gives one knot if the power limits differ by a rounding error only', () => {
    const limits = { chargePowerMaxMw: 0.3, inflexiblePowerMw: Float64Array.of(-0.8) };
    const problem = reduce(
      buildStorageProblem({ consumptionPrices: [5], ...limits, siteProductionCapacityMw: 0.5 - 1e-16 }),
    );
    expect([...problem.knotStarts]).toEqual([0, 1]);
  });

  it('reports in MWh why there is no schedule', () => {
    const problem = buildStorageProblem({ consumptionPrices: [1], socTargets: [{ step: 1, socMwh: 3.5 }] });
    expect(toStockProblem(problem, stepLimits(problem))).toEqual({
      step: 1,
      kind: 'too-low',
      wanted: 3.5,
      nearest: 3,
    });
  });
});

describe('costOfChange', () => {
  const problem = reduce(buildStorageProblem({ consumptionPrices: [100], productionPrices: [40] }));

  it.each([
    [-1, -0.4],
    [-0.5, -0.2],
    [0.25, 0.25],
    [1, 1],
    [7, 1],
    [-7, -0.4],
  ])('gives for a change of %d the cost %d', (change, cost) => {
    expect(changeCost(problem, 0, change)).toBeCloseTo(cost, 12);
  });
});
