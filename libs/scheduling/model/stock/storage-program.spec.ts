import { HighsSolver } from '#lib/solver';
import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { buildStorageProblem } from '../reference/build-problems';
import { pathCost } from './path-cost';
import { type StockProblem, toStockProblem } from './stock-problem';
import { buildStorageProgram, idleCost } from './storage-program';

const reduce = (problem: StorageProblem) => toStockProblem(problem, stepLimits(problem)) as StockProblem;

async function solve(problem: StockProblem) {
  const { columns, objective } = await new HighsSolver().solve(buildStorageProgram(problem));
  const stock = Float64Array.of(0, ...columns!.subarray(0, problem.steps));
  return { stock, bound: (objective + idleCost(problem)) * problem.moneyUnit };
}

describe('buildStorageProgram', () => {
  it('needs three columns and one row per step if consumption and production prices are equal', () => {
    const program = buildStorageProgram(
      reduce(buildStorageProblem({ consumptionPrices: new Array<number>(50).fill(3) })),
    );
    expect([program.columnCount, program.rowCount, program.values.length]).toEqual([150, 50, 199]);
  });

  it('buys at a low price and sells at a high price', async () => {
    const problem = reduce(buildStorageProblem({ consumptionPrices: [10, 30, 20], socAtStartMwh: 0 }));
    const { stock, bound } = await solve(problem);
    expect(stock.map((level) => level + 0)).toEqual(Float64Array.of(0, 1, 0, 0));
    expect(bound).toBeCloseTo(-20, 9);
  });

  it('has a bound below the cost of the path if charging and discharging at once would pay', async () => {
    const problem = reduce(
      buildStorageProblem({
        consumptionPrices: [-10, -10, -10, -10, -10],
        socAtStartMwh: 3.5,
        roundtripEfficiency: 0.64,
      }),
    );
    const { stock, bound } = await solve(problem);
    expect(bound).toBeLessThan(pathCost(problem, stock) * problem.moneyUnit - 1);
  });

  it('counts charging that the site capacity forces as constant cost', async () => {
    const problem = reduce(
      buildStorageProblem({
        consumptionPrices: [10, 10],
        inflexiblePowerMw: Float64Array.of(-1.5, -1.5),
        siteProductionCapacityMw: 1,
        socAtStartMwh: 0,
      }),
    );
    expect(idleCost(problem) * problem.moneyUnit).toBeCloseTo(10, 9);
    const { stock, bound } = await solve(problem);
    expect(stock[2]! * problem.stockUnitMwh).toBeCloseTo(1, 9);
    expect(bound).toBeCloseTo(10, 9);
  });
});
