import type { Solver } from '#lib/solver/model';
import { isInfeasible } from '../../problem/reachable-stock';
import { type PreparedSite, prepareSite, type ProcessPlan, type StoragePlan } from '../problem/prepared-site';
import { paysForEnergyOnly, sitePaysForEnergyOnly } from '../problem/priced-limits';
import type { SiteMethod } from '../problem/site-problem';
import { storageBehindConnection } from '../problem/storage-view';
import { evaluateCandidate } from './candidate';
import { decompose } from './decompose';
import { optimiseSingleProcess } from './optimise-single-process';
import { optimiseSingleStorage } from './optimise-single-storage';
import type { Optimum, SearchLimits } from './optimum';
import { Search } from './search';

/** Up to this many overlaps are excluded by binary variables; more go to the decomposition first. */
const maxOverlapsForBinaries = 40;

/** Finds the cheapest schedule; undefined if there is none, or if none was found in time. */
export async function optimiseSite(
  site: PreparedSite,
  solver: Solver,
  limits: SearchLimits,
): Promise<Optimum | undefined> {
  if (!hasDecisions(site)) return evaluateFixed(site);
  const singleStorage = findSingleStorage(site);
  if (singleStorage) return optimiseWithSingleStorage(site, singleStorage, solver, limits.deadlineMs);
  const singleProcess = findSingleProcess(site);
  if (singleProcess) return optimiseWithSingleProcess(site, singleProcess);
  const isOneProblem = site.problem.devices.length === 1 || site.isCoupled.includes(1);
  if (!isOneProblem) return optimiseSeparately(site, solver, limits);
  return optimiseTogether(site, solver, limits);
}

const hasDecisions = ({ storages, processes, curtailables }: PreparedSite): boolean =>
  storages.length + processes.length + curtailables.length > 0;

function evaluateFixed(site: PreparedSite): Optimum | undefined {
  const powers = site.problem.devices.map((_, i) => site.fixed.get(i)!);
  return evaluateCandidate(site, powers).isValid ? { powers, method: 'exact', gap: 0 } : undefined;
}

/** The storage whose power is the only decision of a site that pays for energy only. */
function findSingleStorage({
  problem,
  storages,
  processes,
  curtailables,
}: PreparedSite): StoragePlan | undefined {
  const [only] = storages;
  if (!only || storages.length + processes.length + curtailables.length > 1) return undefined;
  return paysForEnergyOnly(problem, only.device) ? only : undefined;
}

/** The process whose time is the only decision of a site that pays for energy only. */
function findSingleProcess({
  problem,
  storages,
  processes,
  curtailables,
}: PreparedSite): ProcessPlan | undefined {
  const [only] = processes;
  if (!only || storages.length + processes.length + curtailables.length > 1) return undefined;
  return sitePaysForEnergyOnly(problem) ? only : undefined;
}

function optimiseWithSingleProcess(site: PreparedSite, plan: ProcessPlan): Optimum | undefined {
  const power = optimiseSingleProcess(site, plan);
  if (!power) return undefined;
  const powers = site.problem.devices.map((_, i) => (i === plan.index ? power : site.fixed.get(i)!));
  return evaluateCandidate(site, powers).isValid ? { powers, method: 'exact', gap: 0 } : undefined;
}

async function optimiseWithSingleStorage(
  { problem, fixed, fixedPowerMw }: PreparedSite,
  { device, index }: StoragePlan,
  solver: Solver,
  deadlineMs: number,
): Promise<Optimum | undefined> {
  const storage = storageBehindConnection(problem, device, fixedPowerMw);
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
  const { problem, directPrices } = site;
  const { steps, stepHours } = problem;
  const powers: Float64Array[] = [];
  const methods = new Set<SiteMethod>();
  let gap = 0;
  for (const [index, device] of problem.devices.entries()) {
    const fixed = site.fixed.get(index);
    if (fixed) {
      powers.push(fixed);
      continue;
    }
    const prices = { consumptionPrices: directPrices, productionPrices: directPrices };
    const own = prepareSite({ steps, stepHours, ...prices, devices: [device] });
    const optimum = own && (await optimiseSite(own, solver, limits));
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
    const hasFewOverlaps = relaxed.overlaps.count <= maxOverlapsForBinaries;
    const hasStorageOverlaps = relaxed.overlaps.storageSteps.some((steps) => steps.length > 0);
    if (hasFewOverlaps || !hasStorageOverlaps) {
      method = 'milp';
      const timeLimitMs = Math.min(search.remainingMs / 2, exactTimeMs);
      await search.solveWithBinaries(relaxed, { timeLimitMs, mipGap: 0 });
    }
    if (!search.isWithin(hasFewOverlaps ? 0 : acceptedGap)) {
      method = 'decomposition';
      await decompose(search, relaxed, limits);
    }
    if (!search.isWithin(acceptedGap)) {
      await search.solveWithBinaries(relaxed, { timeLimitMs: 3_000, mipGap: acceptedGap });
    }
  }
  return search.best && { powers: search.best.powers, method, gap: search.gap };
}
