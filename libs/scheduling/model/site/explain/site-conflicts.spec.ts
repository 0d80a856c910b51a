import { HighsSolver } from '#lib/solver';
import { describeConflict, hoursAfterStart } from '../../conflicts/describe-conflict';
import { checkSchedule } from '../evaluate/check-schedule';
import type { SiteDevice, SiteProblem, StorageDevice } from '../problem/site-problem';
import { scheduleSequentially } from '../solve/schedule-sequentially';
import { scheduleSite } from '../solve/schedule-site';

const solver = new HighsSolver();

const storage = (name: string, given: Partial<StorageDevice> = {}): StorageDevice => ({
  kind: 'storage',
  id: name,
  chargePowerMaxMw: 1,
  dischargePowerMaxMw: 1,
  socAtStartMwh: 0,
  socMinMwh: 0,
  socMaxMwh: 4,
  roundtripEfficiency: 1,
  preferChargingSooner: false,
  ...given,
});

const load = (...powerMw: number[]): SiteDevice => ({
  kind: 'inflexible',
  id: 'load',
  powerMw: Float64Array.from(powerMw),
});

const site = (steps: number, devices: SiteDevice[], given: Partial<SiteProblem> = {}): SiteProblem => ({
  steps,
  stepHours: 1,
  consumptionPrices: new Float64Array(steps).fill(10),
  productionPrices: new Float64Array(steps).fill(10),
  devices,
  ...given,
});

async function scheduleFallback(problem: SiteProblem, schedule = scheduleSite) {
  const result = await schedule(problem, solver);
  expect(result.fallback).toBe(true);
  const times = hoursAfterStart(problem.stepHours);
  return { result, descriptions: result.conflicts!.map((conflict) => describeConflict(conflict, times)) };
}

describe('conflicts of a fallback schedule', () => {
  it('name the site capacity if devices together need more than it allows', async () => {
    const target = { socTargets: [{ step: 2, socMwh: 2 }] };
    const problem = site(2, [storage('a', target), storage('b', target)], {
      consumptionCapacity: { mw: 1.5 },
    });
    const { result, descriptions } = await scheduleFallback(problem);
    // 4 MWh are needed in 2 h and 3 MWh are possible: together, the two miss 1 MWh.
    const missing = result.conflicts!.reduce((sum, { needed, available }) => sum + needed - available, 0);
    expect(missing).toBeCloseTo(1, 6);
    for (const { limitedBy } of result.conflicts!) {
      expect(limitedBy).toContainEqual({ constraint: 'site-consumption-capacity', value: 1.5 });
    }
    expect(descriptions[0]).toMatch(
      /^[ab]: soc-target 2 MWh 2 h after the start needs 2 MWh within 2 h, but .*site-consumption-capacity 1\.5 MW.* leaves? 1(\.\d+)? MWh\.$/,
    );
    // All other constraints are met.
    expect(
      checkSchedule(
        problem,
        result.devices.map((one) => one.unroundedPowerMw),
      ).map(({ rule }) => rule),
    ).toEqual(result.conflicts!.map(() => 'soc-target'));
  });

  it('tell how much of a load above the capacity the devices can compensate', async () => {
    const devices = [
      storage('a', { socAtStartMwh: 4, dischargePowerMaxMw: 0.5 }),
      storage('b', { socAtStartMwh: 0.25 }),
      load(0, 4, 0),
    ];
    const { result, descriptions } = await scheduleFallback(
      site(3, devices, { consumptionCapacity: { mw: 2 } }),
    );
    // a discharges 0.5 MW; b charges 0.75 MW before and discharges 1 MW: 2.5 MW remain.
    expect(descriptions).toEqual([
      'site-consumption-capacity 2 MW 1 h after the start needs 2 MW less consumption, but power-capacity 500 kW of a and power-capacity 1 MW of b allow 1.5 MW.',
    ]);
    expect(result.conflicts).toMatchObject([
      { kind: 'power', fromStep: 1, step: 2, untilStep: 2, nearest: 2.5 },
    ]);
  });

  it('name the device that cannot meet its target on its own', async () => {
    const devices = [
      storage('car', {
        chargePowerMaxMw: 2,
        consumptionCapacity: { mw: 1 },
        socTargets: [{ step: 2, socMwh: 3 }],
      }),
      storage('home', { socMinima: { mwh: Float64Array.of(NaN, 1) } }),
    ];
    const { descriptions } = await scheduleFallback(site(2, devices));
    expect(descriptions).toEqual([
      'car: soc-target 3 MWh 2 h after the start needs 3 MWh within 2 h, but consumption-capacity 1 MW allows 2 MWh.',
    ]);
  });

  it('name minima, unless these may be broken at a price', async () => {
    const minima = { mwh: Float64Array.of(NaN, 3) };
    const { descriptions } = await scheduleFallback(
      site(2, [storage('a', { socMinima: minima }), storage('b')]),
    );
    expect(descriptions).toEqual([
      'a: soc-minima 3 MWh 2 h after the start needs 3 MWh within 2 h, but power-capacity 1 MW allows 2 MWh.',
    ]);
    const soft = storage('a', { socMinima: { ...minima, breach: { perHour: 100 } } });
    expect(await scheduleSite(site(2, [soft, storage('b')]), solver)).toMatchObject({ fallback: false });
  });

  it('explain why one storage beside a load misses its target at full power', async () => {
    const devices = [storage('car', { socTargets: [{ step: 2, socMwh: 3 }] }), load(0, 0.5, 0, 0)];
    const { result, descriptions } = await scheduleFallback(
      site(4, devices, { consumptionCapacity: { mw: 1 } }),
    );
    expect(descriptions).toEqual([
      'car: soc-target 3 MWh 2 h after the start needs 3 MWh within 2 h, but power-capacity 1 MW and site-consumption-capacity 1 MW leave 1.5 MWh.',
    ]);
    const [first, second, ...later] = result.devices[0]!.powerMw;
    expect([first, second]).toEqual([1, 0.5]);
    // Nothing asks for the stock after the target, so it is sold.
    expect(later.reduce((sum, mw) => sum + mw)).toBeCloseTo(-1.5, 6);
  });

  it('name the later device if devices are scheduled one after another', async () => {
    const target = { socTargets: [{ step: 2, socMwh: 1.5 }] };
    const problem = site(2, [storage('first', target), storage('second', target)], {
      consumptionCapacity: { mw: 1 },
    });
    const { descriptions } = await scheduleFallback(problem, scheduleSequentially);
    expect(descriptions).toEqual([
      'second: soc-target 1.5 MWh 2 h after the start needs 1.5 MWh within 2 h, but site-consumption-capacity 1 MW leaves 0.5 MWh.',
    ]);
  });
});
