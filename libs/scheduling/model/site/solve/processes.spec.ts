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
      const problem = site([3, 2, 1], [process({ type })], { consumptionCapacity: { mw: 2 } });
      const result = await scheduleSite({ ...problem, productionPrices: Float64Array.of(0, 0, 0) }, slow);
      expect(result).toMatchObject({ fallback: true, netPowerMw: Float64Array.of(2, 1, 0) });
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
