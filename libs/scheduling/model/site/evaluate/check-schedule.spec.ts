import { buildStorageProblem, siteWithStorage } from '../../reference/build-problems';
import type { SiteDevice, SiteProblem } from '../problem/site-problem';
import { checkSchedule } from './check-schedule';

const problem = siteWithStorage(
  buildStorageProblem({
    consumptionPrices: [1, 1, 1, 1],
    chargePowerMaxMw: 1,
    dischargePowerMaxMw: 0.5,
    socAtStartMwh: 3,
    roundtripEfficiency: 0.25,
    inflexiblePowerMw: Float64Array.of(0, 0, -0.8, 0.8),
    siteConsumptionCapacityMw: 1.2,
    siteProductionCapacityMw: 1,
    socTargets: [{ step: 4, socMwh: 3 }],
  }),
);
const load = Float64Array.of(0, 0, -0.8, 0.8);

/** Rules that a schedule of the storage breaks, with their steps. */
const brokenRules = (...power: number[]) =>
  checkSchedule(problem, [Float64Array.from(power), load]).map(({ rule, step }) => `${rule} ${step}`);

function brokenBy(device: SiteDevice, ...power: number[]) {
  const { steps, stepHours, consumptionPrices, productionPrices } = problem;
  const site: SiteProblem = { steps, stepHours, consumptionPrices, productionPrices, devices: [device] };
  return checkSchedule(site, [Float64Array.from(power)]).map(({ rule, step }) => `${rule} ${step}`);
}

describe('checkSchedule', () => {
  it('accepts a schedule that meets all constraints', () => {
    expect(brokenRules(1, -0.25, 0, 0)).toEqual([]);
  });

  it('reports each broken rule of a storage and of the site with its step', () => {
    expect(brokenRules(1.1, -0.275, 0, 0)).toEqual(['charge-power-max 0']);
    expect(brokenRules(-0.6, 1, 1, 0.4)).toEqual(['discharge-power-max 0']);
    expect(brokenRules(1, 0, -0.25, 0)).toEqual(['site-production-capacity 2']);
    expect(brokenRules(0, 0, -0.2, 0.8)).toEqual(['site-consumption-capacity 3']);
    expect(brokenRules(1, 1, 1, -0.75)).toEqual(['discharge-power-max 3', 'soc-max 2']);
    expect(brokenRules(0, 0, 0, 0.1)).toEqual(['soc-target 3']);
  });

  it('reports the excess, within a tolerance', () => {
    const powers = [Float64Array.of(0, 0, 0, 0.1), load];
    expect(checkSchedule(problem, powers)).toEqual([
      { device: 'storage', rule: 'soc-target', step: 3, excess: expect.closeTo(0.05, 12) as number },
    ]);
    expect(checkSchedule(problem, powers, 0.1)).toEqual([]);
  });

  it('reports power that is not a number', () => {
    expect(brokenRules(NaN, 0, 0, 0)).toContain('charge-power-max 0');
  });

  it('reports processes that run too short, in parts, or in forbidden steps', () => {
    const process = {
      kind: 'process',
      id: 'wash',
      type: 'SHIFTABLE',
      powerMw: 1,
      durationSteps: 2,
      forbidden: Uint8Array.of(0, 0, 0, 1),
      preferRunningSooner: false,
    } as const;
    expect(brokenBy(process, 0, 1, 1, 0)).toEqual([]);
    expect(brokenBy(process, 0, 1, 0, 0)).toEqual(['process 3']);
    expect(brokenBy(process, 1, 0, 1, 0)).toEqual(['process 3']);
    expect(brokenBy(process, 0, 0.5, 1, 0)).toEqual(['process 1', 'process 3']);
    expect(brokenBy(process, 0, 0, 1, 1)).toEqual(['process 3']);
    expect(brokenBy({ ...process, type: 'BREAKABLE' }, 1, 0, 1, 0)).toEqual([]);
  });

  it('reports production above the forecast, consumption of panels, and changed inflexible power', () => {
    const panels = { kind: 'curtailable', id: 'panels', forecastMw: Float64Array.of(1, 1, 0, 0) } as const;
    expect(brokenBy(panels, -1, -0.5, 0, 0)).toEqual([]);
    expect(brokenBy(panels, -1.1, -1, 0.1, 0)).toEqual(['forecast 0', 'forecast 2']);
    const given = { kind: 'inflexible', id: 'load', powerMw: Float64Array.of(0, 1, 0, 0) } as const;
    expect(brokenBy(given, 0, 0.9, 0, 0)).toEqual(['inflexible-power 1']);
  });
});
