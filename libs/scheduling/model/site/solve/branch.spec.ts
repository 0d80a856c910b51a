import { HighsSolver } from '#lib/solver';
import type { SiteProblem } from '../problem/site-problem';
import { prepareSite } from '../problem/prepared/prepared-site';
import { branchOnOverlaps } from './branch';
import { Search } from './search';

const steps = 24;

/** Two batteries and a load at one connection. In some hours, production is paid better than consumption costs. */
function siteWithOverlaps(hours: number[]): SiteProblem {
  const consumptionPrices = Float64Array.from({ length: steps }, (_, t) => 60 + 30 * Math.sin(t / 3));
  const battery = (id: string, mw: number, mwh: number) => ({
    ...{ kind: 'storage' as const, id, chargePowerMaxMw: mw, dischargePowerMaxMw: mw },
    ...{ socAtStartMwh: mwh / 2, socMinMwh: 0, socMaxMwh: mwh, roundtripEfficiency: 0.9 },
    preferChargingSooner: true,
  });
  const powerMw = Float64Array.from({ length: steps }, (_, t) => 0.004 + 0.003 * Math.sin(t / 4));
  const load = { kind: 'inflexible' as const, id: 'load', powerMw };
  return {
    ...{ steps, stepHours: 1, consumptionPrices },
    productionPrices: consumptionPrices.map((price, t) => (hours.includes(t) ? price + 80 : price - 10)),
    consumptionCapacity: { mw: 0.04 },
    productionCapacity: { mw: 0.03 },
    devices: [battery('one', 0.02, 0.06), battery('two', 0.03, 0.05), load],
  };
}

async function searchOf(problem: SiteProblem) {
  const search = new Search(prepareSite(problem)!, new HighsSolver(), performance.now() + 60_000);
  return { search, relaxed: (await search.solveRelaxation())! };
}

describe('branchOnOverlaps', () => {
  it.each([[[12, 13]], [[13, 14, 15]], [[11, 12, 13, 14]]])(
    'proves the cost that binary variables find: %j',
    async (hours) => {
      const problem = siteWithOverlaps(hours);
      const { search, relaxed } = await searchOf(problem);
      expect(relaxed.overlaps.count).toBeGreaterThan(0);
      expect(search.isWithin(0)).toBe(false);
      await branchOnOverlaps(search, relaxed);
      expect(search.isWithin(0)).toBe(true);

      const other = await searchOf(problem);
      await other.search.solveWithBinaries(other.relaxed, { timeLimitMs: 60_000, mipGap: 0 });
      expect(search.best!.objective).toBeCloseTo(other.search.best!.objective, 6);
      expect(search.bound).toBeCloseTo(other.search.bound, 6);
    },
  );

  it('leaves relaxations with many overlaps as they are', async () => {
    const { search, relaxed } = await searchOf(siteWithOverlaps([10, 11, 12, 13, 14, 15, 16]));
    expect(relaxed.overlaps.count).toBeGreaterThan(3);
    const { bound, best } = search;
    await branchOnOverlaps(search, relaxed);
    expect(search).toMatchObject({ bound, best });
  });
});
