import fc from 'fast-check';
import { HighsSolver, type Solver } from '#lib/solver';
import synthetic from '../../../../test/golden/scheduling-synthetic.json';
import { timeoutMs, scaledRuns, seedOrDefault } from '../../../../test/harness/effort';
import { aSingleStorage } from '../../../../test/harness/scheduling/random-problems';
import type { Series } from '../problem/stock';
import { checkSchedule } from '../site/evaluate/check-schedule';
import { siteCosts } from '../site/evaluate/site-costs';
import type { SiteProblem } from '../site/problem/site-problem';
import { siteReferenceCost } from '../site/reference/site-milp';
import { scheduleSite } from '../site/solve/schedule-site';
import { optimiseStorage, type StorageOptimum } from '../storage/optimise-storage';
import { siteWithStorage, storageOfSite } from './build-problems';
import { type GoldenCase, problemOfCase } from './golden-case';

jest.setTimeout(timeoutMs(300_000));

const solver = new HighsSolver();
const seed = seedOrDefault(20230702);
const numRuns = scaledRuns(60);

/** A solver that finds nothing, so that the dynamic program has to. */
const failingSolver: Solver = {
  solve: () => Promise.resolve({ status: 'failed', objective: NaN, columns: undefined, gap: Infinity }),
};

/** Scales of a home battery, of a power plant, and of another currency. */
const scales = fc.record({ power: fc.constantFrom(1, 0.005, 400), price: fc.constantFrom(1, 0.01, 30) });
type Scale = typeof scales extends fc.Arbitrary<infer U> ? U : never;

function scaled(site: SiteProblem, { power, price }: Scale): SiteProblem {
  const { storage } = storageOfSite(site);
  const scale = (value: Series) =>
    typeof value === 'number' ? value * power : value.map((one) => one * power);
  return siteWithStorage({
    ...storage,
    consumptionPrices: storage.consumptionPrices.map((one) => one * price),
    productionPrices: storage.productionPrices.map((one) => one * price),
    inflexiblePowerMw: storage.inflexiblePowerMw?.map((mw) => mw * power),
    chargePowerMaxMw: scale(storage.chargePowerMaxMw),
    dischargePowerMaxMw: scale(storage.dischargePowerMaxMw),
    socAtStartMwh: storage.socAtStartMwh * power,
    socMinMwh: scale(storage.socMinMwh),
    socMaxMwh: scale(storage.socMaxMwh),
    socTargets: storage.socTargets?.map(({ step, socMwh }) => ({ step, socMwh: socMwh * power })),
    stockInflowMw: storage.stockInflowMw?.map((mw) => mw * power),
    siteConsumptionCapacityMw: scale(storage.siteConsumptionCapacityMw ?? Infinity),
    siteProductionCapacityMw: scale(storage.siteProductionCapacityMw ?? Infinity),
  });
}

/** @returns the cost */
function expectOptimal(
  site: SiteProblem,
  { powerMw, gap }: { powerMw: Float64Array; gap: number },
  expected: number,
  scale: Scale,
): number {
  const powers = [powerMw, storageOfSite(site).storage.inflexiblePowerMw!];
  const { cost, turnover } = siteCosts(site, powers);
  // The last term keeps the comparison meaningful if hardly any money is at stake.
  const stake = Math.max(Math.abs(expected), turnover, 0.01 * scale.power * scale.price);
  expect(Math.abs(cost - expected)).toBeLessThanOrEqual(1e-6 * stake);
  expect(gap).toBeLessThanOrEqual(1e-6 * stake + 1e-10);
  expect(checkSchedule(site, powers, 1e-8 * scale.power)).toEqual([]);
  return cost;
}

describe('scheduleSite with one storage', () => {
  it('costs the same as the formulation with binary variables, or both are infeasible', async () => {
    const seen = { convex: 0, lp: 0, 'dynamic-programming': 0 };
    const property = fc.asyncProperty(aSingleStorage, scales, async (problem, scale) => {
      const reference = await siteReferenceCost(problem, solver);
      const site = scaled(problem, scale);
      const { devices, gap, cost, fallback, warnings } = await scheduleSite(site, solver);
      expect(fallback).toBe(reference === undefined);
      if (reference === undefined) return;
      const expected = reference * scale.power * scale.price;
      const powerMw = devices[0]!.unroundedPowerMw;
      expect(expectOptimal(site, { powerMw, gap }, expected, scale)).toBe(cost);
      expect(warnings).toEqual([]);
      const { storage } = storageOfSite(site);
      for (const options of [{}, { maxPieces: 0 }]) {
        const optimum = (await optimiseStorage(storage, solver, options)) as StorageOptimum;
        seen[optimum.method]++;
        expectOptimal(site, optimum, expected, scale);
      }
      const withoutSolver = await optimiseStorage(storage, failingSolver, { maxPieces: 0 });
      expect(withoutSolver).toMatchObject({ method: 'dynamic-programming' });
      expectOptimal(site, withoutSolver as StorageOptimum, expected, scale);
    });
    await fc.assert(property, { seed, numRuns });
    expect(seen.lp).toBeGreaterThan(numRuns / 3);
    expect(seen.convex).toBeGreaterThan(numRuns / 3);
    expect(seen['dynamic-programming']).toBeGreaterThan(numRuns / 4);
  });
});

describe('siteReferenceCost', () => {
  it.each(synthetic.cases as GoldenCase[])('confirms the stored cost of $id', async (golden) => {
    const expected = await siteReferenceCost(problemOfCase(golden), solver);
    expect(golden.expected_cost).toBeCloseTo(expected ?? NaN, 7);
  });
});
