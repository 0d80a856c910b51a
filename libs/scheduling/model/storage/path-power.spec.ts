import { stepLimits } from '../problem/step-limits';
import { aProblem } from '../reference/a-problem';
import { type StockProblem, toStockProblem } from '../stock/stock-problem';
import { powerOfPath, roundPower } from './path-power';

test('readBackPower gives the power at the meter that each change of the stock needs', () => {
  const problem = aProblem({ consumptionPrices: [1, 1, 1, 1], roundtripEfficiency: 0.81, stepHours: 0.5 });
  const limits = stepLimits(problem);
  const scaled = toStockProblem(problem, limits) as StockProblem;
  const stock = Float64Array.of(0, 0.45, 0.45 + 1e-13, -0.05, -0.05 + 0.45 + 1e-9);
  const power = powerOfPath(
    problem,
    limits,
    scaled,
    stock.map((mwh) => mwh / scaled.stockUnitMwh),
  );
  expect(power[0]).toBeCloseTo(1, 12);
  expect(power[1]).toBe(0);
  expect(power[2]).toBeCloseTo(-0.9, 12);
  expect(power[3]).toBe(1);
});

test('roundPower rounds to 6 decimals and knows no -0', () => {
  const rounded = [...roundPower(Float64Array.of(0.1234564999, -0.0000004, -1.0000016))];
  expect(rounded).toEqual([0.123456, 0, -1.000002]);
});
