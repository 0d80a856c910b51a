import { HighsSolver, type Solver } from '#lib/solver';
import { checkSchedule } from '../evaluate/check-schedule';
import { validateSchedule } from '../evaluate/validate-schedule';
import type { ProcessDevice, SiteDevice, SiteProblem } from '../problem/site-problem';
import { scheduleSite } from './schedule-site';

const solver = new HighsSolver();

const process = (given: Partial<ProcessDevice>): ProcessDevice => ({
  ...{ kind: 'process', id: 'washing', type: 'SHIFTABLE', powerMw: 2, durationSteps: 1.5 },
  preferRunningSooner: true,
  ...given,
});

const site = (prices: number[], devices: SiteDevice[], given: Partial<SiteProblem> = {}): SiteProblem => ({
  steps: prices.length,
  stepHours: 1,
  consumptionPrices: Float64Array.from(prices),
  productionPrices: Float64Array.from(prices),
  devices,
  ...given,
});

async function powerOf(problem: SiteProblem): Promise<number[]> {
  const result = await scheduleSite(problem, solver);
  expect(result.fallback).toBe(false);
  expect(validateSchedule(problem, result)).toEqual([]);
  return [...result.devices[0]!.powerMw];
}

describe('scheduleSite with a process of one and a half steps', () => {
  it.each([
    ['at the end', 'SHIFTABLE', [9, 1, 2, 9], [0, 2, 1, 0]],
    ['at the beginning', 'SHIFTABLE', [9, 2, 1, 9], [0, 1, 2, 0]],
    ['apart from the rest', 'BREAKABLE', [2, 9, 9, 1], [1, 0, 0, 2]],
    ['after the rest', 'INFLEXIBLE', [9, 9, 1, 1], [2, 1, 0, 0]],
  ] as const)('case 12: places the half %s (%s)', async (_, type, prices, expected) => {
    expect(await powerOf(site([...prices], [process({ type })]))).toEqual(expected);
  });

  it.each(['SHIFTABLE', 'BREAKABLE'] as const)(
    'case 12: shares a capacity with a load (%s)',
    async (type) => {
      const load: SiteDevice = { kind: 'inflexible', id: 'load', powerMw: Float64Array.of(0, 1, 0, 0) };
      const problem = site([1, 1, 2, 9], [process({ type }), load], { consumptionCapacity: { mw: 2 } });
      expect(await powerOf(problem)).toEqual([2, 1, 0, 0]);
    },
  );

  it('case 12: runs for half a step, and for more than two', async () => {
    expect(await powerOf(site([2, 1, 3], [process({ durationSteps: 0.5 })]))).toEqual([0, 1, 0]);
    expect(await powerOf(site([3, 2, 1, 1], [process({ durationSteps: 2.5 })]))).toEqual([0, 1, 2, 2]);
  });
});

describe('scheduleSite with one process of a week of minutes', () => {
  const steps = 7 * 24 * 60;
  const minutes = (at: (t: number) => number) => Float64Array.from({ length: steps }, (_, t) => at(t));
  // Without a random generator: a load from 0.5 to 2 kW that changes with each minute, and panels by day.
  const loadMw = minutes(
    (t) => 0.0005 + 0.0015 * ((t * 0.618034) % 1) - 0.004 * Math.max(0, -Math.cos(t / 229.18)),
  );
  const prices = minutes((t) => 50 + 40 * Math.sin(Math.floor(t / 60) / 3));
  const problem = site(
    [...prices],
    [process({ type: 'BREAKABLE', powerMw: 0.002, durationSteps: 37 * 60 })],
    {
      stepHours: 1 / 60,
      productionPrices: prices.map((price) => 0.3 * price),
      consumptionCapacity: { mw: 0.003 },
    },
  );
  const load: SiteDevice = { kind: 'inflexible', id: 'load', powerMw: loadMw };

  it('finds the cheapest 37 hours within the capacity', async () => {
    const power = await powerOf({ ...problem, devices: [...problem.devices, load] });
    expect(power.filter((mw) => mw > 0)).toHaveLength(37 * 60);
    const costs = prices.map((price, t) => {
      const costAt = (mw: number) => mw * (mw > 0 ? price : 0.3 * price);
      return loadMw[t]! > 0.001 ? Infinity : costAt(loadMw[t]! + 0.002) - costAt(loadMw[t]!);
    });
    const dearest = Math.max(...costs.filter((_, t) => power[t]! > 0));
    const cheapestIdle = Math.min(...costs.filter((_, t) => power[t] === 0));
    expect(dearest).toBeLessThanOrEqual(cheapestIdle + 1e-6);
  });
});

describe('checkSchedule with a process of one and a half steps', () => {
  it.each([
    [[2, 2, 0, 0], 'SHIFTABLE'],
    [[2, 0, 0, 0], 'SHIFTABLE'],
    [[2, 0, 1, 0], 'SHIFTABLE'],
    [[1, 1, 1, 0], 'BREAKABLE'],
    [[2, 0.5, 0.5, 0], 'BREAKABLE'],
  ] as const)('finds fault with %j (%s)', (power, type) => {
    const problem = site([1, 1, 1, 1], [process({ type })]);
    expect(checkSchedule(problem, [Float64Array.from(power)])).not.toEqual([]);
  });
});

describe('scheduleSite with a process that is hard to place', () => {
  it('runs it if no schedule is found in time', async () => {
    const slow: Solver = {
      solve: () =>
        Promise.resolve({ status: 'time-limit', objective: NaN, columns: undefined, gap: Infinity }),
    };
    for (const type of ['SHIFTABLE', 'BREAKABLE'] as const) {
      const devices = [process({ type }), process({ type, id: 'drying' })];
      const problem = site([3, 2, 1], devices, { consumptionCapacity: { mw: 3 } });
      const result = await scheduleSite(problem, slow);
      expect(result.fallback).toBe(true);
      for (const { powerMw } of result.devices) expect(powerMw.reduce((sum, mw) => sum + mw)).toBe(3);
      expect(validateSchedule(problem, result)).toEqual([]);
    }
  });

  it('tells a process of 1 W from none, and one of 2 kW beside a load of 3 GW', async () => {
    expect(await powerOf(site([1, 2, 3], [process({ powerMw: 1e-6, durationSteps: 2 })]))).toEqual([
      1e-6, 1e-6, 0,
    ]);
    const load: SiteDevice = { kind: 'inflexible', id: 'load', powerMw: new Float64Array(3).fill(3000) };
    expect(await powerOf(site([3, 2, 1], [process({ powerMw: 0.002, durationSteps: 1 }), load]))).toEqual([
      0, 0, 0.002,
    ]);
  });
});
