import { aProblem } from '../reference/a-problem';
import { scheduleCost } from './energy-cost';

describe('scheduleCost', () => {
  test('is price times power times hours, net of the inflexible power', () => {
    const problem = aProblem({
      stepHours: 0.5,
      consumptionPrices: [100, 100, -20],
      productionPrices: [40, 40, -30],
      inflexiblePowerMw: Float64Array.of(1, -2, 0),
    });
    // 3 MW bought at 100, 1 MW sold at 40, 2 MW bought at -20; half an hour each.
    expect(scheduleCost(problem, Float64Array.of(2, 1, 2))).toEqual({ cost: 150 - 20 - 20, turnover: 190 });
  });
});
