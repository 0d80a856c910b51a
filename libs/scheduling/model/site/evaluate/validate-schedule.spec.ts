import { HighsSolver } from '#lib/solver';
import type { SiteProblem, SiteSchedule, StorageDevice } from '../problem/site-problem';
import { scheduleSite } from '../solve/schedule-site';
import { validateSchedule } from './validate-schedule';

const battery: StorageDevice = {
  kind: 'storage',
  id: 'battery',
  chargePowerMaxMw: 1 / 3,
  dischargePowerMaxMw: 1 / 3,
  socAtStartMwh: 0,
  socMinMwh: 0,
  socMaxMwh: 1,
  socTargets: [{ step: 3, socMwh: 0.5 }],
  roundtripEfficiency: 1,
  preferChargingSooner: false,
};
const wash = {
  kind: 'process',
  id: 'wash',
  type: 'SHIFTABLE',
  powerMw: 1,
  durationSteps: 2,
  preferRunningSooner: false,
} as const;
const problem: SiteProblem = {
  steps: 3,
  stepHours: 1,
  consumptionPrices: Float64Array.of(10, 20, 30),
  productionPrices: Float64Array.of(10, 20, 30),
  devices: [battery, wash],
};

const solve = (given: Partial<SiteProblem> = {}) => scheduleSite({ ...problem, ...given }, new HighsSolver());

/** A copy of the schedule with another power of one device in one step. */
function changed(schedule: SiteSchedule, device: number, step: number, mw: number): SiteSchedule {
  const copy = structuredClone(schedule);
  copy.devices[device]!.powerMw[step] = copy.devices[device]!.unroundedPowerMw[step] = mw;
  return copy;
}

const rules = (violations: { device?: string; rule: string; step: number }[]) =>
  violations.map(({ device, rule, step }) => [device, rule, step]);

describe('validateSchedule', () => {
  it('accepts a rounded schedule of the optimiser', async () => {
    const schedule = await solve();
    expect(schedule.devices[0]!.powerMw[0]).toBe(0.333333);
    expect(validateSchedule(problem, schedule)).toEqual([]);
  });

  it('reports power above a limit, a stock that misses its target, and a run that is too short', async () => {
    const schedule = await solve();
    expect(rules(validateSchedule(problem, changed(schedule, 0, 0, 0.4)))).toEqual([
      ['battery', 'charge-power-max', 0],
      ['battery', 'soc-target', 2],
    ]);
    expect(rules(validateSchedule(problem, changed(schedule, 1, 0, 0)))).toEqual([['wash', 'process', 2]]);
    expect(rules(validateSchedule(problem, changed(schedule, 0, 1, NaN)))).toContainEqual([
      'battery',
      'charge-power-max',
      1,
    ]);
  });

  it('reports published power that differs from the optimised power', async () => {
    const schedule = structuredClone(await solve());
    schedule.devices[0]!.powerMw[1]! += 2e-6;
    expect(rules(validateSchedule(problem, schedule))).toEqual([['battery', 'published-power', 1]]);
  });

  it('accepts that a fallback misses targets and processes without time, and nothing else', async () => {
    const impossible = { devices: [{ ...battery, socTargets: [{ step: 1, socMwh: 0.5 }] }, { ...wash, durationSteps: 5 }] }; // prettier-ignore
    const schedule = await solve(impossible);
    expect(schedule.fallback).toBe(true);
    const asked = { ...problem, ...impossible };
    expect(validateSchedule(asked, schedule)).toEqual([]);
    expect(rules(validateSchedule(asked, changed(schedule, 0, 0, 0.4)))).toEqual([
      ['battery', 'charge-power-max', 0],
    ]);
    expect(rules(validateSchedule(problem, { ...schedule, conflicts: [] }))).toContainEqual([
      'wash',
      'process',
      2,
    ]);
  });
});
