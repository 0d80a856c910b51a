import { HighsSolver } from '#lib/solver';
import type { SiteDevice, SiteProblem, StorageDevice } from '../problem/site-problem';
import { scheduleSite } from './schedule-site';

const solver = new HighsSolver();

/** An empty battery of 12 kWh and 5 kW; in kW and kWh. */
const battery = (given: Partial<StorageDevice> = {}): StorageDevice => ({
  ...{ kind: 'storage', id: 'battery', chargePowerMaxMw: 5, dischargePowerMaxMw: 5, roundtripEfficiency: 1 },
  ...{ socAtStartMwh: 0, socMinMwh: 0, socMaxMwh: 12, preferChargingSooner: true },
  ...given,
});

const panels = (steps: number, mw = 4): SiteDevice => ({
  ...{ kind: 'curtailable', id: 'pv' },
  forecastMw: new Float64Array(steps).fill(mw),
});

async function powers(
  devices: SiteDevice[],
  consumption: number[],
  production: number[],
  given: Partial<SiteProblem> = {},
) {
  const result = await scheduleSite(
    {
      ...{ steps: consumption.length, stepHours: 1, devices },
      consumptionPrices: Float64Array.from(consumption),
      productionPrices: Float64Array.from(production),
      ...given,
    },
    solver,
  );
  expect(result.fallback).toBe(false);
  const round = (power: Float64Array) => [...power].map((mw) => Number(mw.toFixed(4)) + 0);
  return { ...result, power: result.devices.map(({ powerMw }) => round(powerMw)) };
}

const eight = (value: number) => Array<number>(8).fill(value);

describe('scheduleSite among schedules of equal cost', () => {
  it('case 9: stores first and curtails last', async () => {
    const { power, cost } = await powers([battery(), panels(8)], eight(300), eight(0), {
      productionCapacity: { mw: 0 },
    });
    expect(power).toEqual([
      [4, 4, 4, 0, 0, 0, 0, 0],
      [-4, -4, -4, 0, 0, 0, 0, 0],
    ]);
    expect(cost).toBeCloseTo(0, 9);
  });

  it('case 9: does not cycle at a flat price without losses', async () => {
    const { power } = await powers([battery({ socAtStartMwh: 6 })], eight(0), eight(0), {
      consumptionCapacity: { mw: 0 },
    });
    expect(power).toEqual([eight(0)]);
    for (const given of [{ socTargets: [{ step: 8, socMwh: 6 }] }, { socMinMwh: 6 }]) {
      const flat = await powers([battery({ socAtStartMwh: 6, ...given })], eight(50), eight(50));
      expect(flat.power).toEqual([eight(0)]);
    }
  });

  it('case 9: keeps stored energy that is worth nothing', async () => {
    const { power } = await powers([battery({ socAtStartMwh: 6 })], eight(300), eight(0));
    expect(power).toEqual([eight(0)]);
  });

  it('case 9: charges sooner at equal prices, unless that is not preferred', async () => {
    const prices = [50, 10, 10, 10, 90];
    const sooner = await powers([battery({ socMaxMwh: 5 })], prices, prices);
    expect(sooner.power).toEqual([[0, 5, 0, 0, -5]]);
    const any = await powers([battery({ socMaxMwh: 5, preferChargingSooner: false })], prices, prices);
    expect(any.cost).toBeCloseTo(sooner.cost, 9);
  });

  it('case 9: never gives up a part of the true optimum for that', async () => {
    // Prices that rise by 1/10000: the last hour is the best one to sell in, by little.
    const prices = [10, 10.001, 10.002, 10.003, 10.004, 10.005];
    for (const others of [[], [panels(6, 1)]]) {
      const { cost } = await powers([battery({ socMaxMwh: 5 }), ...others], prices, prices);
      expect(cost).toBeCloseTo(-5 * 0.005 - others.length * 60.015, 6);
    }
  });
});
