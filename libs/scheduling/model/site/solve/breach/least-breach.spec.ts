import { HighsSolver } from '#lib/solver';
import { validateSchedule } from '../../evaluate/validate-schedule';
import type { SiteProblem, StorageDevice } from '../../problem/site-problem';
import { scheduleSite } from '../schedule-site';

const solver = new HighsSolver();

interface Given {
  prices: number[];
  load?: number[];
  storage?: Partial<StorageDevice>;
  site?: Partial<SiteProblem>;
}

/** A battery of 5 kW with 5 of 10 kWh beside a load, in hourly steps; all numbers in MW and MWh here. */
async function schedule({ prices, load = prices.map(() => 0), storage = {}, site = {} }: Given) {
  const problem: SiteProblem = {
    steps: prices.length,
    stepHours: 1,
    consumptionPrices: Float64Array.from(prices),
    productionPrices: Float64Array.from(prices),
    devices: [
      {
        ...{ kind: 'storage', id: 'battery', chargePowerMaxMw: 5, dischargePowerMaxMw: 5 },
        ...{
          socAtStartMwh: 5,
          socMinMwh: 0,
          socMaxMwh: 10,
          roundtripEfficiency: 1,
          preferChargingSooner: true,
        },
        ...storage,
      },
      { kind: 'inflexible', id: 'load', powerMw: Float64Array.from(load) },
    ],
    ...site,
  };
  const result = await scheduleSite(problem, solver);
  expect(result).toMatchObject({
    fallback: true,
    fallbackReason: expect.stringMatching(/\d.*\.$/) as string,
  });
  expect(validateSchedule(problem, result)).toEqual([]);
  return { ...result, power: [...result.devices[0]!.powerMw], soc: [...result.devices[0]!.socMwh!] };
}

const LOAD = [1, 1, 9, 1, 1, 1];
const PRICES = [10, 20, 50, 40, 60, 30];

describe('leastBreach', () => {
  it('case 10: exceeds a capacity as little as possible, and minimises the cost of the rest', async () => {
    const { power, cost } = await schedule({
      ...{ prices: PRICES, load: LOAD },
      site: { consumptionCapacity: { mw: 3 } },
    });
    expect(power).toEqual([2, 2, -5, 1, -5, 0]);
    expect(cost).toBeCloseTo(160, 6);
  });

  it('case 10: misses a target rather than a capacity, and minimises the cost after it', async () => {
    const { power } = await schedule({
      prices: [1, 1, 1, 5, 0.5],
      storage: { socAtStartMwh: 0, socTargets: [{ step: 3, socMwh: 8 }] },
      site: { consumptionCapacity: { mw: Float64Array.of(0, 3, 3, 3, 3) } },
    });
    expect(power.slice(0, 4)).toEqual([0, 3, 3, -5]);
  });

  it('case 10: keeps soc-max, whatever minima and capacities ask for', async () => {
    const { soc } = await schedule({
      prices: [1, 1, 1],
      load: [-20, -20, -20],
      storage: { socMinima: { mwh: Float64Array.of(12, NaN, NaN) } },
      site: { productionCapacity: { mw: 15 } },
    });
    expect(Math.max(...soc)).toBeLessThanOrEqual(10 + 1e-9);
    // Of 5 MW too much in three hours, 10 MWh find no room: 3.33 MW in each hour, so that the stock grows by 1.67 MWh.
    [5, 6.6667, 8.3333, 10].forEach((mwh, k) => {
      expect(soc[k]).toBeCloseTo(mwh, 4);
    });
  });

  it('case 10: spreads a breach that cannot be avoided', async () => {
    // 4 MWh too much in two hours, of which the battery takes 2 MWh: 1 MW in each hour, not 2 MW in one.
    const { netPowerMw } = await schedule({
      prices: [10, 20],
      load: [5, 5],
      storage: { socAtStartMwh: 2, chargePowerMaxMw: 0 },
      site: { consumptionCapacity: { mw: 3 } },
    });
    expect([...netPowerMw].map((net) => Number(net.toFixed(6)))).toEqual([4, 4]);
  });

  it('case 10: exceeds the capacity of one direction before that of the connection', async () => {
    // The load exceeds the connection by 1 MW in the second hour, after all that the battery has.
    const { netPowerMw } = await schedule({
      prices: [10, 20],
      load: [4, 12],
      storage: { socAtStartMwh: 5 },
      site: { consumptionCapacity: { mw: 3, hardLimitMw: 6 } },
    });
    expect([...netPowerMw].map((net) => Number(net.toFixed(6)))).toEqual([4, 7]);
  });

  it('case 10: charges a stock below soc-min as soon as possible', async () => {
    const { soc } = await schedule({ prices: [9, 9, 1, 1], storage: { socAtStartMwh: 1, socMinMwh: 8 } });
    expect(soc[1]).toBeCloseTo(6, 6);
    expect(Math.min(...soc.slice(2))).toBeCloseTo(8, 6);
  });

  it.each<[string, Partial<SiteProblem>]>([
    ['a peak', { consumptionPeak: { previousMw: 0, pricePerMw: 5000 } }],
    ['a capacity, for the highest breach', { consumptionCapacity: { mw: 0, breach: { highest: 5000 } } }],
    ['a capacity, per hour', { consumptionCapacity: { mw: 0, breach: { perHour: 5000 } } }],
  ])('case 10: misses no more of a target to avoid the price of %s', async (_, site) => {
    const { soc } = await schedule({
      prices: [0, 0, 0, 0],
      storage: { socAtStartMwh: 0, chargePowerMaxMw: 2, socTargets: [{ step: 4, socMwh: 10 }] },
      site,
    });
    expect(soc[4]).toBeCloseTo(8, 6);
  });

  it('case 10: does not exceed a capacity by more in all to exceed it by less at once', async () => {
    // Charging before would make the highest breach smaller, but 2 % of the energy would be lost.
    const { netPowerMw } = await schedule({
      prices: [10, 10],
      load: [3, 9],
      storage: { socAtStartMwh: 0, roundtripEfficiency: 0.98 },
      site: { consumptionCapacity: { mw: 3 } },
    });
    expect([...netPowerMw].map((net) => Number(net.toFixed(6)))).toEqual([3, 9]);
  });

  it('case 10: takes the cheapest of the schedules with the smallest breaches', async () => {
    // Of three hours, 1 MW is exceeded in the first one at least. It costs least to charge 2 MWh for the target in the third.
    const { power, cost } = await schedule({
      prices: [20, 30, 10],
      load: [4, 1, 1],
      storage: { socAtStartMwh: 0, dischargePowerMaxMw: 0, socTargets: [{ step: 3, socMwh: 2 }] },
      site: { consumptionCapacity: { mw: 3 } },
    });
    expect(power).toEqual([0, 0, 2]);
    expect(cost).toBeCloseTo(4 * 20 + 30 + 3 * 10, 6);
  });

  it('case 10: misses a target rather than the capacity of a group', async () => {
    const { soc, netPowerMw } = await schedule({
      prices: [10],
      storage: { socAtStartMwh: 0, socTargets: [{ step: 1, socMwh: 4 }] },
      site: {
        groups: [{ id: 'charger', members: ['battery'], consumptionCapacity: { mw: 3, hardLimitMw: 5 } }],
      },
    });
    expect([soc[1], netPowerMw[0]]).toEqual([expect.closeTo(3, 6), expect.closeTo(3, 6)]);
  });

  it('case 10: keeps the smallest breaches of the connection, of capacities, and of targets, in this order', async () => {
    // 7 MW in the first hour, with all that the battery has: 1 MW above the connection, 5 MW above the capacity. The battery
    // is empty then, and charges up to the capacity: 2 MWh less than the target.
    const { power, soc } = await schedule({
      prices: [10, 10],
      load: [12, 1],
      storage: { socAtStartMwh: 5, socTargets: [{ step: 2, socMwh: 3 }] },
      site: { consumptionCapacity: { mw: 2, hardLimitMw: 6 } },
    });
    expect(power).toEqual([-5, 1]);
    expect([...soc]).toEqual([5, 0, 1].map((mwh) => expect.closeTo(mwh, 6) as number));
  });
});
