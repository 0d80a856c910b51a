import { isInfeasible } from '../../problem/reachable-stock';
import { type Series, valueAt } from '../../problem/stock';
import { optimiseStorage } from '../../storage/optimise-storage';
import { peakPrice, siteCosts } from '../evaluate/site-costs';
import type { PreparedSite, StoragePlan } from '../problem/prepared/prepared-site';
import { hasPricedLimits } from '../problem/priced-limits';
import { noRestrictions } from '../problem/prepared/restrictions';
import type { Capacity, Peak } from '../problem/site-problem';
import { hardLimit, storageBehindConnection } from '../problem/storage-view';
import { evaluateCandidate, readCandidate } from './candidate';
import { errorDiffusion } from './error-diffusion';
import { balancePrices, lagrangianBound } from './lagrangian-bound';
import type { SearchLimits } from './optimum';
import type { Search, Solved } from './search';

/** Number of ways to assign directions that are tried. */
const attempts = 6;

/**
 * Searches for schedules of sites whose storages would charge and discharge at once in many steps, where too many binary
 * variables would be needed. Raises the bound of the search to the Lagrangian bound.
 *
 * Where the relaxation divides a step of a storage between charging and discharging, the storage gets one direction per
 * step, in the same proportion over several steps (error diffusion). Different storages change direction in different
 * steps. With these directions, the linear program chooses the powers. Then each storage is optimised exactly, with the
 * power of all other devices given.
 */
export async function decompose(
  search: Search,
  relaxed: Solved,
  { acceptedGap, decompositionTimeMs }: SearchLimits,
): Promise<void> {
  const { site, solver } = search;
  if (!relaxed.solution.rowDuals) return;
  const endMs = performance.now() + Math.min(search.remainingMs, decompositionTimeMs);
  const isDone = () => search.isWithin(acceptedGap) || performance.now() > endMs;
  const pricesOf = memoised((index) => balancePrices(site, relaxed, index));
  search.bound = Math.max(search.bound, await lagrangianBound(site, relaxed, pricesOf, solver));
  for (let attempt = 0; attempt < attempts && !isDone(); attempt++) {
    let isBetter = await tryDirections(search, diffuseDirections(site, relaxed, pricesOf, attempt));
    while (isBetter && !isDone()) {
      const before = search.best!.objective;
      await improveOneByOne(search, isDone);
      if (!isDone()) await tryDirections(search, directionsOfBest(search));
      isBetter = before - search.best!.objective > 1e-5 * Math.abs(before);
    }
  }
}

function memoised<Value>(compute: (index: number) => Value): (index: number) => Value {
  const known = new Map<number, Value>();
  return (index) => {
    const value = known.get(index) ?? compute(index);
    known.set(index, value);
    return value;
  };
}

/** Lets the linear program choose the powers for given directions; returns whether the schedule is the best so far. */
async function tryDirections(search: Search, directions: Int8Array[]): Promise<boolean> {
  const solved = await search.solve({ ...noRestrictions(search.site), ...search.choices, directions });
  return solved !== undefined && search.offer(readCandidate(search.site, solved.program, solved.columns));
}

/** The directions of the best schedule. An idle storage may use both, or only charge if a price is negative. */
function directionsOfBest({ site, best }: Search): Int8Array[] {
  const { consumptionPrices, productionPrices } = site.problem;
  return site.storages.map(({ index }) =>
    Int8Array.from(best!.powers[index]!, (power, t) => {
      if (power !== 0) return Math.sign(power);
      return Math.min(consumptionPrices[t]!, productionPrices[t]!) < 0 ? 1 : 0;
    }),
  );
}

/** One direction for each storage and step: that of the relaxation, or error diffusion where it uses both. */
function diffuseDirections(
  site: PreparedSite,
  { program, columns }: Solved,
  pricesOf: (index: number) => Float64Array,
  attempt: number,
): Int8Array[] {
  return program.storages.map(({ charging, discharging, unitMw }, k) => {
    const { index, limits } = site.storages[k]!;
    const { powerMin, powerMax } = limits;
    const prices = pricesOf(index);
    const shareOf = (column: number, maxMw: number) =>
      column < 0 || maxMw <= 0 ? 0 : (columns[column]! * unitMw) / maxMw;
    const round = errorDiffusion(k, attempt);
    return Int8Array.from(powerMin, (_, t) => {
      const charge = shareOf(charging[t]!, powerMax[t]!);
      const discharge = shareOf(discharging[t]!, -powerMin[t]!);
      if (Math.max(charge, discharge) < 1e-7) return prices[t]! < 0 ? 1 : 0;
      if (Math.min(charge, discharge) < 1e-7) return charge > discharge ? 1 : -1;
      return round(charge / (charge + discharge)) ? 1 : -1;
    });
  });
}

/** Optimises each storage with the power of all other devices given. */
async function improveOneByOne(search: Search, isDone: () => boolean): Promise<void> {
  const { site } = search;
  for (const plan of site.storages) {
    if (!search.best || isDone()) return;
    const isAtOneMeter = site.metersOfDevice[plan.index]!.length === 1 && !plan.device.commodity;
    if (hasPricedLimits(plan.device) || plan.device.modes || !isAtOneMeter) continue;
    const powers = [...search.best.powers];
    const powerMw = await optimiseAmongOthers(search, plan, powers);
    if (!powerMw) continue;
    powers[plan.index] = powerMw;
    search.offer(evaluateCandidate(site, powers));
  }
}

/** The cheapest power of one storage with all other devices given, without larger breaches or peaks of the site. */
async function optimiseAmongOthers(
  { site, solver }: Search,
  { device, index, slope }: StoragePlan,
  powers: readonly Float64Array[],
): Promise<Float64Array | undefined> {
  const { problem } = site;
  const { netPowerMw } = siteCosts(problem, powers);
  const own = powers[index]!;
  const producedMw = netPowerMw.map((power) => -power);
  const otherPowerMw = netPowerMw.map((power, t) => power - own[t]!);
  const optimum = await optimiseStorage(
    {
      ...storageBehindConnection(problem, device, otherPowerMw),
      consumptionPrices: problem.consumptionPrices.map((price, t) => price + slope[t]!),
      productionPrices: problem.productionPrices.map((price, t) => price + slope[t]!),
      siteConsumptionCapacityMw: currentLimit(
        netPowerMw,
        problem.consumptionCapacity,
        problem.consumptionPeak,
      ),
      siteProductionCapacityMw: currentLimit(producedMw, problem.productionCapacity, problem.productionPeak),
      ties: site.ties.storage,
    },
    solver,
  );
  return isInfeasible(optimum) ? undefined : optimum.powerMw;
}

/** MW in a step up to which power causes no higher cost of a peak than the given one. */
const upToPeak = (peak: Peak, cost: number) => (_power: number, t: number) => {
  const price = valueAt(peak.pricePerMw, t);
  return price > 0 ? valueAt(peak.previousMw, t) + cost / price : Infinity;
};

/** MW per step up to which more power causes no larger breach and no higher peak. */
function currentLimit(powerMw: Float64Array, capacity: Capacity | undefined, peak: Peak | undefined): Series {
  const highest = powerMw.map(peak ? upToPeak(peak, peakPrice(peak, powerMw)) : () => Infinity);
  const hard = hardLimit(capacity);
  return powerMw.map((power, t) => {
    const priced = capacity?.breach ? Math.max(valueAt(capacity.mw, t), power) : Infinity;
    return Math.max(0, power, Math.min(valueAt(hard, t), priced, highest[t]!));
  });
}
