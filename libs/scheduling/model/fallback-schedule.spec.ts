import { explainInfeasibility, fallbackSchedule } from './fallback-schedule';
import type { Infeasibility } from './reachable-stock';
import { aProblem } from './reference/a-problem';
import { stepLimits } from './step-limits';
import { toStockProblem } from './stock-problem';
import type { StorageProblem } from './storage-problem';

function fallback(problem: StorageProblem) {
  const limits = stepLimits(problem);
  const infeasibility = toStockProblem(problem, limits) as Infeasibility;
  return {
    power: [...fallbackSchedule(problem, limits, infeasibility)].map((power) => Number(power.toFixed(9))),
    reason: explainInfeasibility(problem, infeasibility),
  };
}

const fiveSteps = [1, 1, 1, 1, 1];

describe('the fallback', () => {
  test('charges at full power until the target is there, counting energy with efficiency', () => {
    // 0.8 of the energy arrives: 1.2 MWh need 1.5 MWh at the meter, one step more than there is time for.
    const { power, reason } = fallback(
      aProblem({
        consumptionPrices: fiveSteps,
        roundtripEfficiency: 0.64,
        socTargets: [{ step: 1, socMwh: 3.2 }],
      }),
    );
    expect(power).toEqual([1, 0.5, 0, 0, 0]);
    expect(reason).toBe(
      'The soc-target of 3.2 MWh 1 h after the start cannot be reached: at most 2.8 MWh is possible by then.',
    );
  });

  test('discharges towards a bound that is violated', () => {
    const { power, reason } = fallback(aProblem({ consumptionPrices: fiveSteps, socAtStartMwh: 6.5 }));
    expect(power).toEqual([-1, -1, -0.5, 0, 0]);
    expect(reason).toBe(
      'The state of charge cannot be at or below soc-max (4 MWh) 1 h after the start: at least 5.5 MWh remains by then.',
    );
  });

  test('charges towards soc-min', () => {
    const { power, reason } = fallback(aProblem({ consumptionPrices: fiveSteps, socAtStartMwh: -1.5 }));
    expect(power).toEqual([1, 0.5, 0, 0, 0]);
    expect(reason).toContain('cannot be at or above soc-min (0 MWh)');
  });

  test('keeps the site capacity as far as idling keeps it', () => {
    const { power } = fallback(
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
    const { power, reason } = fallback(
      aProblem({
        consumptionPrices: fiveSteps,
        inflexiblePowerMw: Float64Array.of(0, 3, 0, 0, 0),
        siteConsumptionCapacityMw: 1,
      }),
    );
    expect(power).toEqual([0, 0, 0, 0, 0]);
    expect(reason).toBe(
      'In the step that ends 2 h after the start the site capacity cannot be kept: the device cannot make up for the inflexible power.',
    );
  });

  test('idles when the bounds contradict each other', () => {
    const { power, reason } = fallback(
      aProblem({ consumptionPrices: fiveSteps, socMinMwh: 3, socMaxMwh: 2.5 }),
    );
    expect(power).toEqual([0, 0, 0, 0, 0]);
    expect(reason).toContain('at least 3 MWh and at most 2.5 MWh');
  });

  test('explains a target that is too low and targets that contradict each other', () => {
    const tooLow = aProblem({ consumptionPrices: fiveSteps, socTargets: [{ step: 1, socMwh: 0 }] });
    expect(fallback(tooLow).reason).toContain('at least 1 MWh remains by then');
    const twice = [3, 2.5].map((socMwh) => ({ step: 2, socMwh }));
    expect(fallback(aProblem({ consumptionPrices: fiveSteps, socTargets: twice })).reason).toBe(
      'The state of charge should be at least 3 MWh and at most 2.5 MWh 2 h after the start.',
    );
  });
});
