import { HighsSolver } from '#lib/solver';
import type { SiteProblem, StorageDevice } from '../problem/site-problem';
import { siteCosts } from '../evaluate/site-costs';
import { prepareSite } from '../problem/prepared/prepared-site';
import { tryChoices } from './choices';
import { Search } from './search';

const steps = 96;

const storage = (id: string, kw: number, kwh: number, given: Partial<StorageDevice> = {}): StorageDevice => ({
  ...{ kind: 'storage', id, chargePowerMaxMw: kw / 1000, dischargePowerMaxMw: kw / 1000 },
  ...{ socAtStartMwh: kwh / 3000, socMinMwh: 0, socMaxMwh: kwh / 1000, roundtripEfficiency: 0.9 },
  ...{ preferChargingSooner: true },
  ...given,
});

/** A home that is paid 300 EUR/MWh for production, which is more than consumption costs at night. */
const home: SiteProblem = {
  ...{ steps, stepHours: 0.25 },
  consumptionPrices: Float64Array.from({ length: steps }, (_, t) =>
    Math.round(260 - 120 * Math.cos((t / 48) * Math.PI)),
  ),
  productionPrices: new Float64Array(steps).fill(300),
  consumptionCapacity: { mw: 0.017 },
  productionCapacity: { mw: 0.017 },
  devices: [
    storage('battery', 5, 10),
    storage('vehicle', 11, 60),
    storage('heat pump', 3, 12, {
      ...{ dischargePowerMaxMw: 0, chargingEfficiency: 3, storageEfficiency: 0.995 },
      stockInflowMw: new Float64Array(steps).fill(-0.0015),
      modes: [
        { lowestMw: 0, highestMw: 0 },
        { lowestMw: 0.002, highestMw: 0.003 },
      ],
    }),
    { kind: 'inflexible', id: 'load', powerMw: new Float64Array(steps).fill(0.0006) },
  ],
};

describe('Search with production prices above consumption prices', () => {
  it('finds a schedule by rounding that consumes and produces in different steps', async () => {
    const search = new Search(prepareSite(home)!, new HighsSolver(), performance.now() + 60_000);
    const relaxed = await search.solveRelaxation();
    expect(relaxed!.overlaps.meterSteps[0]!.length).toBeGreaterThan(20);
    await tryChoices(search, relaxed!, 0.02);
    const { turnover, netPowerMw } = siteCosts(home, search.best!.powers);
    expect(search.gap).toBeLessThanOrEqual(0.1 * turnover);
    expect(Math.max(...netPowerMw.slice(0, 20))).toBeGreaterThan(0.01);
    expect(Math.min(...netPowerMw.slice(0, 20))).toBeLessThan(-0.01);
  });
});
