import type { Solver } from '#lib/solver/model';
import { scheduleStorage } from '../../storage/schedule-storage';
import { hasPricedLimits } from '../problem/priced-limits';
import { hardLimit, type PreparedSite, prepareSite, storageView } from '../problem/prepared-site';
import type { SiteMethod } from '../problem/site-problem';
import { decompose } from './decompose';
import { Search } from './search';
import { type Candidate, evaluateCandidate } from './candidate';

/** Up to so many overlaps, binary variables decide; with more of them, the decomposition goes first. */
const fewOverlaps = 40;

/** How long to look for the optimum, and what is good enough. */
export interface SearchLimits {
  /** Epoch of performance.now() after which the best schedule so far has to do. */
  deadlineMs: number;
  /** Share of max(|cost|, turnover) that counts as optimal once the exact answer takes long. */
  acceptedGap: number;
  /** Time for binary variables to decide exactly. */
  exactTimeMs: number;
}

/** What optimising a site gave. */
export interface Optimum extends Candidate {
  method: SiteMethod;
  /** Currency. */
  gap: number;
}

/** The cheapest schedule, or undefined when there is none (or none was found in time). */
export async function optimiseSite(
  frame: PreparedSite,
  solver: Solver,
  limits: SearchLimits,
): Promise<Optimum | undefined> {
  if (isDecided(frame)) return decided(frame);
  if (isSingleStorage(frame)) return optimiseStorage(frame, solver, limits.deadlineMs);
  const isOneProblem = frame.problem.devices.length === 1 || frame.isCoupled.includes(1);
  if (!isOneProblem) return optimiseSeparately(frame, solver, limits);
  return optimiseTogether(frame, solver, limits);
}

async function optimiseTogether(
  frame: PreparedSite,
  solver: Solver,
  limits: SearchLimits,
): Promise<Optimum | undefined> {
  const { acceptedGap } = limits;
  const search = new Search(frame, solver, limits.deadlineMs);
  const relaxed = await search.relax();
  if (!relaxed) return undefined;
  let method: SiteMethod = 'lp';
  if (!search.isWithin(0)) {
    const isSmall = relaxed.overlaps.count <= fewOverlaps;
    const overlapsInStorages = relaxed.overlaps.storageSteps.some((steps) => steps.length > 0);
    if (isSmall || !overlapsInStorages) {
      method = 'milp';
      const timeLimitMs = Math.min(search.remainingMs / 2, limits.exactTimeMs);
      await search.tighten(relaxed, { timeLimitMs, mipGap: 0 });
    }
    if (!search.isWithin(isSmall ? 0 : acceptedGap)) {
      method = 'decomposition';
      await decompose(search, relaxed, acceptedGap);
    }
    if (!search.isWithin(acceptedGap)) {
      await search.tighten(relaxed, { timeLimitMs: 3_000, mipGap: acceptedGap });
    }
  }
  return search.best && { ...search.best, method, gap: search.gap };
}

const isDecided = ({ storages, processes, curtailables }: PreparedSite): boolean =>
  storages.length + processes.length + curtailables.length === 0;

function decided(frame: PreparedSite): Optimum | undefined {
  const candidate = evaluateCandidate(
    frame,
    frame.problem.devices.map((_, i) => frame.fixed.get(i)!),
  );
  return candidate.isValid ? { ...candidate, method: 'exact', gap: 0 } : undefined;
}

/** Whether the site is one storage within limits that have no price: then its own scheduler is exact. */
function isSingleStorage({ problem, storages, processes, curtailables }: PreparedSite): boolean {
  const [only] = storages;
  if (storages.length !== 1 || !only || processes.length + curtailables.length > 0) return false;
  return !hasPricedLimits(problem, only.device);
}

async function optimiseStorage(
  frame: PreparedSite,
  solver: Solver,
  deadlineMs: number,
): Promise<Optimum | undefined> {
  const { problem, fixed, fixedPowerMw } = frame;
  const { device, index } = frame.storages[0]!;
  const timeLimitMs = Math.max(1, deadlineMs - performance.now());
  const result = await scheduleStorage(
    {
      ...storageView(problem, device, problem.consumptionPrices),
      productionPrices: problem.productionPrices,
      inflexiblePowerMw: fixedPowerMw,
      siteConsumptionCapacityMw: hardLimit(problem.consumptionCapacity),
      siteProductionCapacityMw: hardLimit(problem.productionCapacity),
    },
    solver,
    { timeLimitMs },
  );
  if (result.fallback) return undefined;
  const powers = problem.devices.map((_, i) => (i === index ? result.unroundedPowerMw : fixed.get(i)!));
  return {
    ...evaluateCandidate(frame, powers),
    method: result.method === 'dynamic-programming' ? 'exact' : 'lp',
    gap: result.gap,
  };
}

/** Devices that do not have to look at each other, each at the prices that hold for it. */
async function optimiseSeparately(
  frame: PreparedSite,
  solver: Solver,
  limits: SearchLimits,
): Promise<Optimum | undefined> {
  const { problem, directPrices } = frame;
  const { steps, stepHours } = problem;
  const powers: Float64Array[] = [];
  const methods = new Set<SiteMethod>();
  let gap = 0;
  for (const [index, device] of problem.devices.entries()) {
    const fixed = frame.fixed.get(index);
    if (fixed) {
      powers.push(fixed);
      continue;
    }
    const prices = { consumptionPrices: directPrices, productionPrices: directPrices };
    const own = prepareSite({ steps, stepHours, ...prices, devices: [device] }) as PreparedSite;
    const optimum = await optimiseSite(own, solver, limits);
    if (!optimum) return undefined;
    powers.push(optimum.powers[0]!);
    methods.add(optimum.method);
    gap += optimum.gap;
  }
  const method = (['decomposition', 'milp', 'exact'] as const).find((one) => methods.has(one)) ?? 'lp';
  return { ...evaluateCandidate(frame, powers), method, gap };
}
