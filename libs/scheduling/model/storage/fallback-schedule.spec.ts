import type { Infeasibility } from '../problem/reachable-stock';
import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { aProblem } from '../reference/a-problem';
import { toStockProblem } from '../stock/stock-problem';
import { fallbackSchedule } from './fallback-schedule';

function fallback(problem: StorageProblem) {
  const limits = stepLimits(problem);
  const infeasibility = toStockProblem(problem, limits) as Infeasibility;
  return [...fallbackSchedule(problem, limits, infeasibility)].map((power) => Number(power.toFixed(9)));
}

const fiveSteps = [1, 1, 1, 1, 1];

describe('the fallback', () => {
  test('charges at full power until the target is there, counting energy with efficiency', () => {
    // 0.8 of the energy arrives: 1.2 MWh need 1.5 MWh at the meter, one step more than there is time for.
    const power = fallback(
      aProblem({
        consumptionPrices: fiveSteps,
        roundtripEfficiency: 0.64,
        socTargets: [{ step: 1, socMwh: 3.2 }],
      }),
    );
    expect(power).toEqual([1, 0.5, 0, 0, 0]);
  });

  test('discharges towards a bound that is violated', () => {
    const power = fallback(aProblem({ consumptionPrices: fiveSteps, socAtStartMwh: 6.5 }));
    expect(power).toEqual([-1, -1, -0.5, 0, 0]);
  });

  test('charges towards soc-min', () => {
    const power = fallback(aProblem({ consumptionPrices: fiveSteps, socAtStartMwh: -1.5 }));
    expect(power).toEqual([1, 0.5, 0, 0, 0]);
  });

  test('keeps the site capacity as far as idling keeps it', () => {
    const power = fallback(
      aProblem({
        consumptionPrices: fiveSteps,
        inflexiblePowerMw: Float64Array.of(0.7, 1.5, 0, 0, 0),
        siteConsumptionCapacityMw: 1,
        socTargets: [{ step: 2, socMwh: 4 }],
        dischargePowerMaxMw: 0,
      }),
    );
    expect(power).toEqual([0.3, 0, 1, 0.7, 0]);
  });

  test('idles when there is nothing to go to', () => {
    const power = fallback(
      aProblem({
        consumptionPrices: fiveSteps,
        inflexiblePowerMw: Float64Array.of(0, 3, 0, 0, 0),
        siteConsumptionCapacityMw: 1,
      }),
    );
    expect(power).toEqual([0, 0, 0, 0, 0]);
  });

  test('idles when the bounds contradict each other', () => {
    const power = fallback(aProblem({ consumptionPrices: fiveSteps, socMinMwh: 3, socMaxMwh: 2.5 }));
    expect(power).toEqual([0, 0, 0, 0, 0]);
  });
});
