import fc from 'fast-check';
import { HighsSolver } from '#lib/solver';
import { scaledRuns, seedOrDefault, timeoutMs } from '../../../../../test/harness/effort';
import { anImpossibleSite } from '../../../../../test/harness/scheduling/random-problems';
import { simulateStock } from '../../problem/stock';
import type { Capacity, SiteDevice, SiteProblem, SocBound, StorageDevice } from '../problem/site-problem';
import { scheduleSite } from '../solve/schedule-site';
import { siteReferenceCost } from './site-milp';

jest.setTimeout(timeoutMs(300_000));

const solver = new HighsSolver();
const patient = { exactTimeMs: 30_000, acceptedGap: 1e-7 };

const isStorage = (device: SiteDevice): device is StorageDevice => device.kind === 'storage';

const mapStorages = (
  problem: SiteProblem,
  change: (device: StorageDevice) => StorageDevice,
): SiteProblem => ({
  ...problem,
  devices: problem.devices.map((device) => (isStorage(device) ? change(device) : device)),
});

/** The problem without prices, in which only limits that cannot be exceeded remain. */
function withoutPrices(problem: SiteProblem): SiteProblem {
  const none = new Float64Array(problem.steps);
  const free = (capacity: Capacity | undefined) => (capacity?.breach ? undefined : capacity);
  const site = {
    ...problem,
    ...{
      consumptionPrices: none,
      productionPrices: none,
      consumptionPeak: undefined,
      productionPeak: undefined,
    },
    ...{
      consumptionCapacity: free(problem.consumptionCapacity),
      productionCapacity: free(problem.productionCapacity),
    },
  };
  return mapStorages(site, (one) => ({
    ...one,
    consumptionCapacity: free(one.consumptionCapacity),
    productionCapacity: free(one.productionCapacity),
  }));
}

/** Minima (sign -1) or maxima of a storage, with targets at their instants. NaN where there are none. */
function wantedOf(
  { socMinima, socMaxima, socTargets = [] }: StorageDevice,
  steps: number,
  sign: 1 | -1,
): Float64Array {
  const wanted = (sign === -1 ? socMinima : socMaxima)?.mwh.slice() ?? new Float64Array(steps).fill(NaN);
  for (const { step, socMwh } of socTargets) if (step > 0) wanted[step - 1] = socMwh;
  return wanted;
}

/** The problem in which each MWh that is missed at an instant costs 1, at most `highest` of them at each instant. */
const softened = (problem: SiteProblem, highest: number): SiteProblem =>
  mapStorages(withoutPrices(problem), (device) => {
    const bound = (sign: 1 | -1): SocBound => ({
      mwh: wantedOf(device, problem.steps, sign),
      breach: { perHour: 1 / problem.stepHours },
    });
    const limited = (hard: StorageDevice['socMinMwh'], { mwh }: SocBound, sign: 1 | -1) =>
      mwh.map((one, t) => {
        const own = typeof hard === 'number' ? hard : hard[t]!;
        if (Number.isNaN(one)) return own;
        return sign === -1 ? Math.max(own, one - highest) : Math.min(own, one + highest);
      });
    const [socMinima, socMaxima] = [bound(-1), bound(1)];
    return {
      ...device,
      ...{ socTargets: undefined, socMinima, socMaxima },
      socMinMwh: limited(device.socMinMwh, socMinima, -1),
      socMaxMwh: limited(device.socMaxMwh, socMaxima, 1),
    };
  });

/** MWh that a schedule misses at all instants together, and at the worst one. */
function missed(problem: SiteProblem, powers: readonly Float64Array[]) {
  let [total, highest] = [0, 0];
  problem.devices.forEach((device, i) => {
    if (!isStorage(device)) return;
    const soc = simulateStock({ ...device, stepHours: problem.stepHours }, powers[i]!, device.socAtStartMwh);
    for (const sign of [1, -1] as const) {
      wantedOf(device, problem.steps, sign).forEach((wanted, t) => {
        const excess = sign * (soc[t + 1]! - wanted);
        if (!(excess > 0)) return;
        total += excess;
        highest = Math.max(highest, excess);
      });
    }
  });
  return { total, highest };
}

describe('a schedule that misses targets, minima and maxima', () => {
  it('misses as little in all as the formulation with binary variables, and no schedule misses less at once', async () => {
    const hard = anImpossibleSite.map((problem) =>
      mapStorages(problem, (one) => ({
        ...one,
        socMinima: one.socMinima && { mwh: one.socMinima.mwh },
        socMaxima: one.socMaxima && { mwh: one.socMaxima.mwh },
      })),
    );
    let compared = 0;
    const sameAsReference = fc.asyncProperty(hard, async (problem) => {
      const total = await siteReferenceCost(softened(problem, Infinity), solver);
      // Other limits have to give way as well, or nothing has to.
      if (total === undefined || total < 1e-3) return;
      const { devices, fallback } = await scheduleSite(problem, solver, patient);
      expect(fallback).toBe(true);
      const found = missed(problem, devices.map(({ unroundedPowerMw }) => unroundedPowerMw)); // prettier-ignore
      expect(found.total).toBeCloseTo(total, 4);
      const less = await siteReferenceCost(softened(problem, 0.999 * found.highest - 1e-4), solver);
      expect(less ?? Infinity).toBeGreaterThan(total + 1e-6);
      compared++;
    });
    await fc.assert(sameAsReference, {
      seed: seedOrDefault(20261130),
      numRuns: scaledRuns(40),
      endOnFailure: true,
    });
    expect(compared).toBeGreaterThan(5);
  });
});
