import { stepLimits } from '../problem/step-limits';
import { buildStorageProblem } from '../reference/build-problems';
import { type StockProblem, toStockProblem } from '../stock/stock-problem';
import { powerOfPath } from './path-power';

describe('powerOfPath', () => {
  it('gives the power at the meter that each change of the stock needs', () => {
    const problem = buildStorageProblem({
      consumptionPrices: [1, 1, 1, 1],
      roundtripEfficiency: 0.81,
      stepHours: 0.5,
    });
    const limits = stepLimits(problem);
    const stockProblem = toStockProblem(problem, limits) as StockProblem;
    const stock = Float64Array.of(0, 0.45, 0.45 + 1e-13, -0.05, -0.05 + 0.45 + 1e-9);
    const power = powerOfPath(
      problem,
      limits,
      stockProblem,
      stock.map((mwh) => mwh / stockProblem.stockUnitMwh),
    );
    expect(power[0]).toBeCloseTo(1, 12);
    expect(power[1]).toBe(0);
    expect(power[2]).toBeCloseTo(-0.9, 12);
    expect(power[3]).toBe(1);
  });
});
