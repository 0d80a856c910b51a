import { describeConflict, hoursAfterStart } from '../../conflicts/describe-conflict';
import type { StorageProblem } from '../../problem/storage-problem';
import { buildStorageProblem } from '../../reference/build-problems';
import { explainStorage } from './explain-storage';

const steps = (count: number) => ({ consumptionPrices: new Array<number>(count).fill(1) });

const explain = (problem: StorageProblem) =>
  explainStorage(problem, { ...problem, kind: 'storage', id: 'car' });

const descriptions = (problem: StorageProblem) =>
  explain(problem).map((conflict) => describeConflict(conflict, hoursAfterStart(problem.stepHours)));

describe('explainStorage', () => {
  it('reports a target that is too high for the time available', () => {
    // 12.1 kWh at the start and 4 kW for 2 h give 20.1 kWh at most.
    const problem = buildStorageProblem({
      ...steps(16),
      stepHours: 0.25,
      chargePowerMaxMw: 0.004,
      dischargePowerMaxMw: 0.004,
      socAtStartMwh: 0.0121,
      socMaxMwh: 0.04,
      socTargets: [{ step: 8, socMwh: 0.025 }],
    });
    const [conflict, ...others] = explain(problem);
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({
      kind: 'energy',
      constraint: 'soc-target',
      fromStep: 0,
      step: 8,
      wanted: 0.025,
      since: { constraint: 'soc-at-start', value: 0.0121 },
      limitedBy: [{ constraint: 'power-capacity', value: 0.004 }],
    });
    expect(conflict!.needed).toBeCloseTo(0.0129, 12);
    expect(conflict!.available).toBeCloseTo(0.008, 12);
    expect(descriptions(problem)).toEqual([
      'car: soc-target 25 kWh 2 h after the start needs 12.9 kWh within 2 h, but power-capacity 4 kW allows 8 kWh.',
    ]);
  });

  it('takes efficiency and usage into account', () => {
    // Of 1 MW, 0.8 MW arrive and 0.2 MW are used: after two hours the stock is 2 + 2 * 0.6 MWh at most.
    const problem = buildStorageProblem({
      ...steps(3),
      roundtripEfficiency: 0.64,
      stockInflowMw: Float64Array.of(-0.2, -0.2, -0.2),
      socTargets: [{ step: 2, socMwh: 3.5 }],
    });
    expect(descriptions(problem)).toEqual([
      'car: soc-target 3.5 MWh 2 h after the start needs 1.9 MWh within 2 h, losses, usage and gain included, but power-capacity 1 MW allows 1.6 MWh.',
    ]);
  });

  it('counts from the last bound that determined the stock, not from the start', () => {
    // It can charge for ten hours, but not above 3 MWh until the ninth.
    const socMaxMwh = Float64Array.of(4, 4, 4, 4, 4, 4, 4, 4, 3, 6);
    const problem = buildStorageProblem({ ...steps(10), socMaxMwh, socTargets: [{ step: 10, socMwh: 5 }] });
    expect(descriptions(problem)).toEqual([
      'car: soc-target 5 MWh 10 h after the start needs 2 MWh within 1 h from soc-max 3 MWh 9 h after the start, but power-capacity 1 MW allows 1 MWh.',
    ]);
  });

  it('names the capacity of the site if it leaves less than the power of the storage', () => {
    const problem = buildStorageProblem({
      ...steps(2),
      inflexiblePowerMw: Float64Array.of(1.25, 1.75),
      siteConsumptionCapacityMw: 2,
      socTargets: [{ step: 2, socMwh: 4 }],
    });
    expect(descriptions(problem)).toEqual([
      'car: soc-target 4 MWh 2 h after the start needs 2 MWh within 2 h, but site-consumption-capacity 2 MW leaves 1 MWh.',
    ]);
  });

  it('names both limits if each applies in some steps', () => {
    const problem = buildStorageProblem({
      ...steps(2),
      inflexiblePowerMw: Float64Array.of(1.25, 0),
      siteConsumptionCapacityMw: 2,
      socTargets: [{ step: 2, socMwh: 4 }],
    });
    expect(descriptions(problem)).toEqual([
      'car: soc-target 4 MWh 2 h after the start needs 2 MWh within 2 h, but site-consumption-capacity 2 MW and power-capacity 1 MW leave 1.75 MWh.',
    ]);
  });

  it('reports consecutive misses of a bound once, and a later target separately', () => {
    // Starts 1.5 MWh above soc-max and discharges at 0.5 MW: 5 MWh, 4.5 MWh, then 4 MWh.
    const problem = buildStorageProblem({
      ...steps(6),
      socAtStartMwh: 5.5,
      dischargePowerMaxMw: 0.5,
      socTargets: [{ step: 6, socMwh: 1 }],
    });
    expect(explain(problem)).toMatchObject([
      { constraint: 'soc-max', step: 1, untilStep: 2 },
      { constraint: 'soc-target', step: 6, untilStep: 6 },
    ]);
    expect(descriptions(problem)).toEqual([
      'car: soc-max 4 MWh 1 h after the start needs 1.5 MWh discharged within 1 h, but power-capacity 500 kW allows 0.5 MWh.',
      // Even without soc-max, this target cannot be reached from the start.
      'car: soc-target 1 MWh 6 h after the start needs 4.5 MWh discharged within 6 h, but power-capacity 500 kW allows 3 MWh.',
    ]);
  });

  it('reports that the site forces energy into the storage', () => {
    // 3 MW are produced and 1 MW may leave the site: 2 MW have to go into a battery that has room for 0.5 MWh.
    const problem = buildStorageProblem({
      ...steps(1),
      socAtStartMwh: 3.5,
      chargePowerMaxMw: 5,
      inflexiblePowerMw: Float64Array.of(-3),
      siteProductionCapacityMw: 1,
    });
    expect(descriptions(problem)).toEqual([
      'car: soc-max 4 MWh 1 h after the start has room for 0.5 MWh within 1 h, but site-production-capacity 1 MW forces 2 MWh into the storage.',
    ]);
  });

  it('reports that the site exceeds its capacity whatever the storage does', () => {
    const inflexiblePowerMw = Float64Array.of(0, 3, 3.5, -4);
    const problem = buildStorageProblem({
      ...steps(4),
      inflexiblePowerMw,
      siteConsumptionCapacityMw: 1,
      siteProductionCapacityMw: 2,
    });
    expect(descriptions(problem)).toEqual([
      'site-consumption-capacity 1 MW 1 h after the start for 2 h needs 2 MW less consumption, but power-capacity 1 MW of car allows 1 MW.',
      'site-production-capacity 2 MW 3 h after the start needs 2 MW less production, but power-capacity 1 MW of car allows 1 MW.',
    ]);
  });

  it('reports bounds and targets that contradict each other', () => {
    expect(descriptions(buildStorageProblem({ ...steps(2), socMinMwh: 3, socMaxMwh: 2.5 }))).toEqual([
      'car: soc-min 3 MWh and soc-max 2.5 MWh 1 h after the start exclude each other.',
    ]);
    const twice = [3, 2.5].map((socMwh) => ({ step: 2, socMwh }));
    expect(descriptions(buildStorageProblem({ ...steps(5), socTargets: twice }))).toEqual([
      'car: soc-target 3 MWh and soc-target 2.5 MWh 2 h after the start exclude each other.',
    ]);
    expect(descriptions(buildStorageProblem({ ...steps(1), socTargets: [{ step: 0, socMwh: 3 }] }))).toEqual([
      'car: soc-target 3 MWh and soc-at-start 2 MWh 0 h after the start exclude each other.',
    ]);
  });

  it('finds nothing if there is a schedule', () => {
    expect(explain(buildStorageProblem({ ...steps(3), socTargets: [{ step: 2, socMwh: 4 }] }))).toEqual([]);
  });
});
