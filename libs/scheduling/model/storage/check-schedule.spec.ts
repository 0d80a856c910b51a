import { aProblem } from '../reference/a-problem';
import { checkStorage } from './check-schedule';

const problem = aProblem({
  consumptionPrices: [1, 1, 1, 1],
  chargePowerMaxMw: 1,
  dischargePowerMaxMw: 0.5,
  socAtStartMwh: 3,
  roundtripEfficiency: 0.25,
  inflexiblePowerMw: Float64Array.of(0, 0, -0.8, 0.8),
  siteConsumptionCapacityMw: 1.2,
  siteProductionCapacityMw: 1,
  socTargets: [{ step: 4, socMwh: 3 }],
});

const rulesBroken = (...power: number[]) =>
  checkStorage(problem, Float64Array.from(power)).violations.map(({ rule, step }) => `${rule} ${step}`);

describe('checkSchedule', () => {
  test('simulates the stock and finds nothing wrong with a good schedule', () => {
    const check = checkStorage(problem, Float64Array.of(1, -0.25, 0, 0));
    expect(check).toEqual({ violations: [], worst: 0, socMwh: Float64Array.of(3, 3.5, 3, 3, 3) });
  });

  test('finds each broken rule and where it is broken', () => {
    expect(rulesBroken(1.1, -0.275, 0, 0)).toEqual(['charge-power-max 0']);
    expect(rulesBroken(-0.6, 1, 1, 0.4)).toEqual(['discharge-power-max 0']);
    expect(rulesBroken(1, 0, -0.25, 0)).toEqual(['site-production-capacity 2']);
    expect(rulesBroken(0, 0, -0.2, 0.8)).toEqual(['site-consumption-capacity 3']);
    expect(rulesBroken(1, 1, 1, -0.75)).toEqual(['discharge-power-max 3', 'soc-max 2']);
    expect(rulesBroken(0, 0, 0, 0.1)).toEqual(['soc-target 3']);
  });

  test('tells the worst excess, and takes no number for a violation', () => {
    expect(checkStorage(problem, Float64Array.of(0, 0, 0, 0.1), 0.1).worst).toBeCloseTo(0.05, 12);
    expect(checkStorage(problem, Float64Array.of(NaN, 0, 0, 0)).violations).not.toEqual([]);
  });
});
