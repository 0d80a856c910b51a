import { HighsSolver } from '#lib/solver';
import { hoursAfterStart, describeConflict } from '../../conflicts/describe-conflict';
import { checkSchedule } from '../evaluate/check-schedule';
import type { SiteDevice, SiteProblem, StorageDevice } from '../problem/site-problem';
import { scheduleSequentially } from '../solve/schedule-sequentially';
import { scheduleSite } from '../solve/schedule-site';

const solver = new HighsSolver();

const storage = (name: string, given: Partial<StorageDevice> = {}): StorageDevice => ({
  kind: 'storage',
  name,
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
  name: 'load',
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

async function explain(problem: SiteProblem, schedule = scheduleSite) {
  const result = await schedule(problem, solver);
  expect(result.fallback).toBe(true);
  const clock = hoursAfterStart(problem.stepHours);
  return { result, told: result.conflicts!.map((conflict) => describeConflict(conflict, clock)) };
}

describe('conflicts of a site', () => {
  test('devices that ask for more together than the site may consume', async () => {
    const target = { socTargets: [{ step: 2, socMwh: 2 }] };
    const problem = site(2, [storage('a', target), storage('b', target)], {
      consumptionCapacity: { mw: 1.5 },
    });
    const { result, told } = await explain(problem);
    // 4 MWh are needed in 2 h, 3 MWh may come in: one of the two, or both, lack 1 MWh in sum.
    const missing = result.conflicts!.reduce((sum, { needed, available }) => sum + needed - available, 0);
    expect(missing).toBeCloseTo(1, 6);
    for (const { limitedBy } of result.conflicts!) {
      expect(limitedBy).toContainEqual({ constraint: 'site-consumption-capacity', value: 1.5 });
    }
    expect(told[0]).toMatch(
      /^[ab]: soc-target 2 MWh 2 h after the start needs 2 MWh within 2 h, but .*site-consumption-capacity 1\.5 MW.* leaves? 1(\.\d+)? MWh\.$/,
    );
    // What is not in conflict is kept.
    expect(
      checkSchedule(
        problem,
        result.devices.map((one) => one.unroundedPowerMw),
      ).map(({ rule }) => rule),
    ).toEqual(result.conflicts!.map(() => 'soc-target'));
  });

  test('a load that the devices cannot make up for, with how much they can', async () => {
    const devices = [
      storage('a', { socAtStartMwh: 4, dischargePowerMaxMw: 0.5 }),
      storage('b', { socAtStartMwh: 0.25 }),
      load(0, 4, 0),
    ];
    const { result, told } = await explain(site(3, devices, { consumptionCapacity: { mw: 2 } }));
    // a gives 0.5 MW; b charges 0.75 MW before and gives 1 MW: 2.5 MW are left.
    expect(told).toEqual([
      'site-consumption-capacity 2 MW 1 h after the start needs 2 MW less consumption, but power-capacity 500 kW of a and power-capacity 1 MW of b allow 1.5 MW.',
    ]);
    expect(result.conflicts).toMatchObject([
      { kind: 'power', fromStep: 1, step: 2, untilStep: 2, nearest: 2.5 },
    ]);
  });

  test('a device that is impossible on its own, beside one that is not', async () => {
    const devices = [
      storage('car', {
        chargePowerMaxMw: 2,
        consumptionCapacity: { mw: 1 },
        socTargets: [{ step: 2, socMwh: 3 }],
      }),
      storage('home', { socMinima: { mwh: Float64Array.of(NaN, 1) } }),
    ];
    const { told } = await explain(site(2, devices));
    expect(told).toEqual([
      'car: soc-target 3 MWh 2 h after the start needs 3 MWh within 2 h, but consumption-capacity 1 MW allows 2 MWh.',
    ]);
  });

  test('names minima, and leaves out bounds that may be broken at a price', async () => {
    const minima = { mwh: Float64Array.of(NaN, 3) };
    const { told } = await explain(site(2, [storage('a', { socMinima: minima }), storage('b')]));
    expect(told).toEqual([
      'a: soc-minima 3 MWh 2 h after the start needs 3 MWh within 2 h, but power-capacity 1 MW allows 2 MWh.',
    ]);
    const soft = storage('a', { socMinima: { ...minima, breach: { perHour: 100 } } });
    expect(await scheduleSite(site(2, [soft, storage('b')]), solver)).toMatchObject({ fallback: false });
  });

  test('a lone storage beside a load goes for its first target at full power', async () => {
    const devices = [storage('car', { socTargets: [{ step: 2, socMwh: 3 }] }), load(0, 0.5, 0, 0)];
    const { result, told } = await explain(site(4, devices, { consumptionCapacity: { mw: 1 } }));
    expect(told).toEqual([
      'car: soc-target 3 MWh 2 h after the start needs 3 MWh within 2 h, but power-capacity 1 MW and site-consumption-capacity 1 MW leave 1.5 MWh.',
    ]);
    expect([...result.devices[0]!.powerMw]).toEqual([1, 0.5, 1, 0.5]);
  });

  test('one after another: the device that comes too late', async () => {
    const target = { socTargets: [{ step: 2, socMwh: 1.5 }] };
    const problem = site(2, [storage('first', target), storage('second', target)], {
      consumptionCapacity: { mw: 1 },
    });
    const { told } = await explain(problem, scheduleSequentially);
    expect(told).toEqual([
      'second: soc-target 1.5 MWh 2 h after the start needs 1.5 MWh within 2 h, but site-consumption-capacity 1 MW leaves 0.5 MWh.',
    ]);
  });
});
