import type { Solver } from '#lib/solver/model';
import { isInfeasible } from '../../problem/reachable-stock';
import {
  directPriceAt,
  hasOnlyConnection,
  type PreparedSite,
  prepareSite,
  type ProcessPlan,
  type StoragePlan,
} from '../problem/prepared/prepared-site';
import { paysForEnergyOnly, sitePaysForEnergyOnly } from '../problem/priced-limits';
import type { SiteMethod } from '../problem/site-problem';
import { storageBehindConnection } from '../problem/storage-view';
import { hasRanks } from '../evaluate/ranked-breaches';
import { branchOnOverlaps } from './branch';
import { evaluateCandidate } from './candidate';
import { decompose } from './decompose';
import { optimiseSingleProcess } from './single/optimise-single-process';
import { optimiseSingleStorage } from './single/optimise-single-storage';
import { choicesOf, solveWithChoices, tryChoices } from './choices';
import type { Optimum, SearchLimits } from './optimum';
import { Search, type Solved } from './search';

/** Up to this many overlaps are excluded by binary variables; more go to the decomposition first. */
const maxOverlapsForBinaries = 40;

/** Finds the cheapest schedule; undefined if there is none, or if none was found in time. */
export async function optimiseSite(
  site: PreparedSite,
  solver: Solver,
  limits: SearchLimits,
): Promise<Optimum | undefined> {
  if (countDecisions(site) === 0) return evaluateFixed(site);
  const singleStorage = findSingleStorage(site);
  if (singleStorage) return optimiseWithSingleStorage(site, singleStorage, solver, limits.deadlineMs);
  const singleProcess = findSingleProcess(site);
  if (singleProcess) return optimiseWithSingleProcess(site, singleProcess);
  const isOneProblem =
    site.problem.devices.length === 1 ||
    hasRanks(site.problem) ||
    site.stocks.length + (site.problem.couplings ?? []).length > 0 ||
    site.meters.some(({ isCoupled }) => isCoupled.includes(1));
  if (!isOneProblem) return optimiseSeparately(site, solver, limits);
  return optimiseTogether(site, solver, limits);
}

const countDecisions = ({ storages, processes, curtailables, flexibles }: PreparedSite): number =>
  storages.length + processes.length + curtailables.length + flexibles.length;

function evaluateFixed(site: PreparedSite): Optimum | undefined {
  const powers = site.problem.devices.map((_, i) => site.fixed.get(i)!);
  return evaluateCandidate(site, powers).isValid ? { powers, method: 'exact', gap: 0 } : undefined;
}

/** The storage whose power is the only decision of a site that pays for energy only. */
function findSingleStorage(site: PreparedSite): StoragePlan | undefined {
  const [only] = site.storages;
  if (!only || countDecisions(site) > 1 || !hasOnlyConnection(site) || only.device.modes) return undefined;
  return paysForEnergyOnly(site.problem, only.device) ? only : undefined;
}

/** The process whose time is the only decision of a site that pays for energy only. */
function findSingleProcess(site: PreparedSite): ProcessPlan | undefined {
  const [only] = site.processes;
  if (!only || countDecisions(site) > 1 || !hasOnlyConnection(site)) return undefined;
  return sitePaysForEnergyOnly(site.problem) ? only : undefined;
}

function optimiseWithSingleProcess(site: PreparedSite, plan: ProcessPlan): Optimum | undefined {
  const power = optimiseSingleProcess(site, plan);
  if (!power) return undefined;
  const powers = site.problem.devices.map((_, i) => (i === plan.index ? power : site.fixed.get(i)!));
  return evaluateCandidate(site, powers).isValid ? { powers, method: 'exact', gap: 0 } : undefined;
}

async function optimiseWithSingleStorage(
  { problem, fixed, meters }: PreparedSite,
  { device, index }: StoragePlan,
  solver: Solver,
  deadlineMs: number,
): Promise<Optimum | undefined> {
  const storage = storageBehindConnection(problem, device, meters[0]!.fixedPowerMw);
  const optimum = await optimiseSingleStorage(storage, solver, deadlineMs);
  if (isInfeasible(optimum)) return undefined;
  const { powerMw, method, gap } = optimum;
  return { powers: problem.devices.map((_, i) => (i === index ? powerMw : fixed.get(i)!)), method, gap };
}

/** Optimises devices that nothing couples, each at the prices that apply to it. */
async function optimiseSeparately(
  site: PreparedSite,
  solver: Solver,
  limits: SearchLimits,
): Promise<Optimum | undefined> {
  const { steps, stepHours } = site.problem;
  const powers: Float64Array[] = [];
  const methods = new Set<SiteMethod>();
  let gap = 0;
  for (const [index, device] of site.problem.devices.entries()) {
    const fixed = site.fixed.get(index);
    if (fixed) {
      powers.push(fixed);
      continue;
    }
    const own = Float64Array.from({ length: steps }, (_, t) => directPriceAt(site, index, t));
    const prices = { consumptionPrices: own, productionPrices: own };
    const alone = prepareSite({
      steps,
      stepHours,
      ...prices,
      devices: [{ ...device, commodity: undefined }],
    });
    const optimum = alone && (await optimiseSite(alone, solver, limits));
    if (!optimum) return undefined;
    powers.push(optimum.powers[0]!);
    methods.add(optimum.method);
    gap += optimum.gap;
  }
  const method = (['decomposition', 'milp', 'exact'] as const).find((one) => methods.has(one)) ?? 'lp';
  return { powers, method, gap };
}

async function optimiseTogether(
  site: PreparedSite,
  solver: Solver,
  limits: SearchLimits,
): Promise<Optimum | undefined> {
  const { acceptedGap, exactTimeMs } = limits;
  const search = new Search(site, solver, limits.deadlineMs);
  const relaxed = await search.solveRelaxation();
  if (!relaxed) return undefined;
  let method: SiteMethod = 'lp';
  if (!search.isWithin(0)) {
    method = 'milp';
    await branchOnOverlaps(search, relaxed);
  }
  if (!search.isWithin(0)) {
    const hasModes = relaxed.overlaps.modes.length > 0;
    const hasMeterOverlaps = relaxed.overlaps.meterSteps.some((steps) => steps.length > 0);
    if (hasModes || hasMeterOverlaps || !search.best) await tryChoices(search, relaxed, acceptedGap);
    const refine = (solved: Solved) => solveWithChoices(search, choicesOf(site, solved, 0));
    const hasFewOverlaps = relaxed.overlaps.count <= maxOverlapsForBinaries;
    const hasStorageOverlaps = relaxed.overlaps.storageSteps.some((steps) => steps.length > 0);
    if (hasFewOverlaps || !hasStorageOverlaps) {
      method = 'milp';
      // With modes, this is the only run, unless the decomposition follows.
      const isOnlyRun = hasModes && !hasStorageOverlaps;
      const remainingMs = isOnlyRun ? search.remainingMs : search.remainingMs / 2;
      const timeLimitMs = Math.min(remainingMs, hasModes ? 1.5 * exactTimeMs : exactTimeMs);
      await search.solveWithBinaries(relaxed, { timeLimitMs, mipGap: hasModes ? acceptedGap : 0 }, refine);
    }
    const isDone = search.isWithin(hasFewOverlaps && !hasModes ? 0 : acceptedGap);
    if (!isDone && (hasStorageOverlaps || !hasModes)) {
      method = 'decomposition';
      await decompose(search, relaxed, limits);
    }
    if (!search.isWithin(acceptedGap) && (method === 'decomposition' || !hasModes)) {
      await search.solveWithBinaries(relaxed, { timeLimitMs: 3_000, mipGap: acceptedGap }, refine);
    }
  }
  return search.best && { powers: search.best.powers, method, gap: search.gap };
}
