import type { Infeasibility } from '../problem/reachable-stock';
import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { buildStorageProblem } from '../reference/build-problems';
import { toStockProblem } from '../stock/stock-problem';
import { fallbackSchedule } from './fallback-schedule';

function fallback(problem: StorageProblem) {
  const infeasibility = toStockProblem(problem, stepLimits(problem)) as Infeasibility;
  return [...fallbackSchedule(problem, infeasibility)].map((power) => Number(power.toFixed(9)));
}

const fiveSteps = [1, 1, 1, 1, 1];

describe('fallbackSchedule', () => {
  it('charges at full power until the stock meets the target, with efficiency', () => {
    // 80 % of the energy arrives: 1.2 MWh need 1.5 MWh at the meter, one step more than there is time for.
    const power = fallback(
      buildStorageProblem({
        consumptionPrices: fiveSteps,
        roundtripEfficiency: 0.64,
        socTargets: [{ step: 1, socMwh: 3.2 }],
      }),
    );
    expect(power).toEqual([1, 0.5, 0, 0, 0]);
  });

  it('discharges towards an upper bound that is not met', () => {
    const power = fallback(buildStorageProblem({ consumptionPrices: fiveSteps, socAtStartMwh: 6.5 }));
    expect(power).toEqual([-1, -1, -0.5, 0, 0]);
  });

  it('charges towards soc-min', () => {
    const power = fallback(buildStorageProblem({ consumptionPrices: fiveSteps, socAtStartMwh: -1.5 }));
    expect(power).toEqual([1, 0.5, 0, 0, 0]);
  });

  it('keeps the site capacity as far as an idle storage keeps it', () => {
    const power = fallback(
      buildStorageProblem({
        consumptionPrices: fiveSteps,
        inflexiblePowerMw: Float64Array.of(0.7, 1.5, 0, 0, 0),
        siteConsumptionCapacityMw: 1,
        socTargets: [{ step: 2, socMwh: 4 }],
        dischargePowerMaxMw: 0,
      }),
    );
    expect(power).toEqual([0.3, 0, 1, 0.7, 0]);
  });

  it('stays idle if there is neither a target nor a bound that is not met', () => {
    const power = fallback(
      buildStorageProblem({
        consumptionPrices: fiveSteps,
        inflexiblePowerMw: Float64Array.of(0, 3, 0, 0, 0),
        siteConsumptionCapacityMw: 1,
      }),
    );
    expect(power).toEqual([0, 0, 0, 0, 0]);
  });

  it('stays idle if the bounds contradict each other', () => {
    const power = fallback(
      buildStorageProblem({ consumptionPrices: fiveSteps, socMinMwh: 3, socMaxMwh: 2.5 }),
    );
    expect(power).toEqual([0, 0, 0, 0, 0]);
  });
});
