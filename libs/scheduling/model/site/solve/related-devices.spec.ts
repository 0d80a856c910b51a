import { HighsSolver } from '#lib/solver';
import { describeConflicts } from '../../conflicts/describe-conflict';
import { validateSchedule } from '../evaluate/validate-schedule';
import type { FlexibleDevice, SiteProblem, SiteSchedule, StorageDevice } from '../problem/site-problem';
import { scheduleSequentially } from './schedule-sequentially';
import { scheduleSite } from './schedule-site';

const solver = new HighsSolver();
const series = (...values: number[]) => Float64Array.from(values);

const battery = (id: string, given: Partial<StorageDevice> = {}): StorageDevice => ({
  ...{ kind: 'storage', id, chargePowerMaxMw: 1, dischargePowerMaxMw: 1 },
  ...{ socAtStartMwh: 0, socMinMwh: 0, socMaxMwh: 10, roundtripEfficiency: 1, preferChargingSooner: true },
  ...given,
});

const flexible = (id: string, given: Partial<FlexibleDevice>): FlexibleDevice => ({
  ...{ kind: 'flexible', id, consumptionMaxMw: 0, productionMaxMw: 0, preferRunningSooner: true },
  ...given,
});

const site = (prices: number[], given: Partial<SiteProblem>): SiteProblem => ({
  ...{ steps: prices.length, stepHours: 1, devices: [] },
  ...{ consumptionPrices: series(...prices), productionPrices: series(...prices) },
  ...given,
});

const powers = ({ devices }: SiteSchedule) => devices.map(({ powerMw }) => [...powerMw]);

/** The conflicts as limit, step, and amount that is missed. */
const missed = ({ conflicts = [] }: SiteSchedule) =>
  conflicts.map(({ device, constraint, fromStep, wanted, nearest }) => [
    `${device ?? 'site'} ${constraint}`,
    fromStep,
    Number(Math.abs(nearest - wanted).toFixed(6)),
  ]);

async function expectFallback(problem: SiteProblem): Promise<SiteSchedule> {
  const schedule = await scheduleSite(problem, solver);
  expect(schedule.fallback).toBe(true);
  expect(validateSchedule(problem, schedule)).toEqual([]);
  return schedule;
}

describe('A site with groups whose constraints cannot all be met', () => {
  it('misses a target rather than the hard limit of a group, by what arithmetic says', async () => {
    const problem = site([10, 10], {
      devices: [battery('car', { socTargets: [{ step: 2, socMwh: 2 }] })],
      groups: [{ id: 'feeder', members: ['car'], consumptionCapacity: { mw: 0.6, hardLimitMw: 0.6 } }],
    });
    const schedule = await expectFallback(problem);
    // 2 hours at 0.6 MW are 1.2 MWh: 0.8 MWh are missing.
    expect(powers(schedule)).toEqual([[0.6, 0.6]]);
    expect(missed(schedule)).toEqual([['car soc-target', 0, 0.8]]);
    expect(schedule.fallbackReason).toContain('consumption-capacity 600 kW of feeder');
  });

  it('exceeds the hard limit of a group only as far as inflexible power forces it', async () => {
    const problem = site([10, 50], {
      devices: [
        battery('battery', { socAtStartMwh: 0.5, socMaxMwh: 1, dischargePowerMaxMw: 0.3 }),
        { kind: 'inflexible', id: 'load', powerMw: series(2, 0.5) },
      ],
      groups: [
        { id: 'feeder', members: ['battery', 'load'], consumptionCapacity: { mw: 1.5, hardLimitMw: 1.5 } },
      ],
    });
    const schedule = await expectFallback(problem);
    // The battery takes 0.3 of the 0.5 MW above the limit. What is left of it, and what fits, is sold at 50.
    expect(powers(schedule)[0]).toEqual([-0.3, -0.2]);
    expect(missed(schedule)).toEqual([['feeder consumption-capacity', 0, 0.2]]);
  });

  it('lets a capacity of the site give way before the limit of a group', async () => {
    const problem = site([10], {
      devices: [
        { kind: 'inflexible', id: 'load', powerMw: series(2) },
        battery('battery', { socAtStartMwh: 1 }),
      ],
      consumptionCapacity: { mw: 0.5, hardLimitMw: 3 },
      groups: [{ id: 'inverter', members: ['battery'], productionCapacity: { mw: 0.4, hardLimitMw: 0.4 } }],
    });
    const schedule = await expectFallback(problem);
    expect(powers(schedule)).toEqual([[2], [-0.4]]);
    expect(missed(schedule)).toEqual([['site site-consumption-capacity', 0, 1.1]]);
  });

  it('misses the bound of a shared storage by as little as its devices allow, and names their limits', async () => {
    const stock = { id: 'buffer', roundtripEfficiency: 1, chargingEfficiency: 3 };
    const problem = site([10, 10], {
      devices: [
        flexible('heat pump', { consumptionMaxMw: 0.1, stock }),
        flexible('heater', { consumptionMaxMw: 0.2, stock: { ...stock, chargingEfficiency: 1 } }),
      ],
      stocks: [
        {
          ...{ id: 'buffer', socAtStartMwh: 0, socMinMwh: 0, socMaxMwh: 5 },
          socMinima: { mwh: series(NaN, 1.5) },
        },
      ],
    });
    const schedule = await expectFallback(problem);
    // 0.3 MW of heat from 0.1 MW, and 0.2 MW: 1 MWh in two hours.
    expect(powers(schedule)).toEqual([[0.1, 0.1], [0.2, 0.2]]); // prettier-ignore
    expect(schedule.stocks).toEqual([{ id: 'buffer', socMwh: series(0, 0.5, 1) }]);
    expect(missed(schedule)).toEqual([['buffer soc-minima', 0, 0.5]]);
    expect(schedule.conflicts![0]!.limitedBy.map(({ device }) => device)).toEqual(['heat pump', 'heater']);
  });

  it('tells how much of a commodity is missing if it cannot be balanced', async () => {
    const none = series(0, 0);
    const closed = { mw: 0, hardLimitMw: 0 };
    const problem = site([10, 10], {
      devices: [
        flexible('boiler power', { consumptionMaxMw: 1 }),
        flexible('boiler heat', { commodity: 'heat', productionMaxMw: 1 }),
        { kind: 'inflexible', id: 'demand', commodity: 'heat', powerMw: series(0.5, 1.5) },
      ],
      commodities: [
        {
          ...{ name: 'heat', isInternal: true, consumptionPrices: none, productionPrices: none },
          ...{ consumptionCapacity: closed, productionCapacity: closed },
        },
      ],
      couplings: [
        {
          name: 'boiler',
          ports: [
            { device: 'boiler power', coefficient: 1 },
            { device: 'boiler heat', coefficient: -1 },
          ],
        },
      ],
    });
    const schedule = await expectFallback(problem);
    expect(powers(schedule).slice(0, 2)).toEqual([[0.5, 1], [-0.5, -1]]); // prettier-ignore
    expect(missed(schedule)).toEqual([['heat commodity-balance', 1, 0.5]]);
    const format = { stepHours: 1, formatTime: (step: number) => `at ${step}:00` };
    expect(describeConflicts(schedule.conflicts!, format)).toBe(
      'heat: consumption and production cannot be balanced at 1:00: 500 kW are missing or left over.',
    );
  });

  it('names operation modes that are too low for a target', async () => {
    const problem = site([10, 10], {
      devices: [
        battery('car', {
          modes: [{ lowestMw: 0, highestMw: 0.4 }],
          socTargets: [{ step: 2, socMwh: 1 }],
        }),
      ],
    });
    const schedule = await expectFallback(problem);
    expect(powers(schedule)).toEqual([[0.4, 0.4]]);
    expect(missed(schedule)).toEqual([['car soc-target', 0, 0.2]]);
    expect(schedule.conflicts![0]!.limitedBy[0]!.constraint).toBe('operation-modes');
  });
});

describe('scheduleSequentially', () => {
  it('schedules the ports of a converter together, and devices of a group after one another', async () => {
    const problem = site([10, 50], {
      devices: [
        battery('first', { socAtStartMwh: 1, chargePowerMaxMw: 0 }),
        flexible('plant gas', { commodity: 'gas', consumptionMaxMw: 1 }),
        battery('second', { socAtStartMwh: 1, chargePowerMaxMw: 0 }),
        flexible('plant power', { productionMaxMw: 1 }),
      ],
      commodities: [
        { name: 'gas', isInternal: false, consumptionPrices: series(15, 15), productionPrices: series(0, 0) },
      ],
      groups: [
        {
          id: 'inverter',
          members: ['first', 'second'],
          productionCapacity: { mw: 1.2, hardLimitMw: 1.2 },
        },
      ],
      couplings: [
        {
          name: 'plant',
          ports: [
            { device: 'plant gas', coefficient: 1 },
            { device: 'plant power', coefficient: -0.5 },
          ],
        },
      ],
    });
    const schedule = await scheduleSequentially(problem, solver);
    expect(schedule).toMatchObject({ fallback: false, method: 'sequential' });
    // The first takes all it can at 50, the second the rest of the inverter; the plant earns 25 for 15 of gas at 50 only.
    expect(powers(schedule)).toEqual([[0, -1], [0, 1], [-0.8, -0.2], [0, -0.5]]); // prettier-ignore
    expect([...schedule.groups![0]!.powerMw]).toEqual([expect.closeTo(-0.8, 9), expect.closeTo(-1.2, 9)]);
  });
});
