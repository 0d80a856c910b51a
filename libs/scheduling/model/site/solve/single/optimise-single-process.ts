import { energyCost } from '../../../problem/energy-cost';
import type { PreparedSite, ProcessPlan } from '../../problem/prepared/prepared-site';
import { partsOfDuration, powerOfRun } from '../../problem/process-runs';
import { hardLimitAt } from '../../problem/storage-view';

/**
 * Finds the cheapest time of a process whose time is the only decision of a site that pays for energy only: exact, for
 * any prices and capacities, in a time that hardly grows faster than the number of steps.
 *
 * @returns MW per step; undefined if the process has no time within the limits of the site
 */
export function optimiseSingleProcess(site: PreparedSite, plan: ProcessPlan): Float64Array | undefined {
  const { full, share } = partsOfDuration(plan.device.durationSteps);
  const atFull = stepCosts(site, plan, 1);
  const atShare = stepCosts(site, plan, share);
  return plan.device.type === 'SHIFTABLE'
    ? cheapestRun(site, plan, full, atFull, atShare)
    : cheapestSteps(site, plan, full, atFull, share > 0 ? atShare : undefined);
}

/** Currency per step of the process at a share of its power; Infinity where the site would exceed a limit. */
function stepCosts({ problem, meters }: PreparedSite, { device, slope }: ProcessPlan, share: number) {
  const { consumptionPrices, productionPrices, stepHours } = problem;
  return meters[0]!.fixedPowerMw.map((fixed, t) => {
    const power = share * device.powerMw;
    const net = fixed + power;
    // The same rounding errors as in checkSchedule count as none.
    const tolerance = 1e-9 * Math.abs(fixed);
    const isTooHigh = net > hardLimitAt(problem.consumptionCapacity, t) + tolerance;
    const isTooLow = -net > hardLimitAt(problem.productionCapacity, t) + tolerance;
    if (isTooHigh || isTooLow) return Infinity;
    const costAt = (mw: number) => energyCost(mw, consumptionPrices[t]!, productionPrices[t]!, stepHours);
    return costAt(net) - costAt(fixed) + power * slope[t]! * stepHours;
  });
}

function cheapestRun(
  { problem }: PreparedSite,
  { device, runs }: ProcessPlan,
  full: number,
  atFull: Float64Array,
  atShare: Float64Array,
): Float64Array | undefined {
  // Sums and counts of steps that are impossible, up to each step.
  const sums = new Float64Array(problem.steps + 1);
  const impossible = new Float64Array(problem.steps + 1);
  atFull.forEach((cost, t) => {
    sums[t + 1] = sums[t]! + (Number.isFinite(cost) ? cost : 0);
    impossible[t + 1] = impossible[t]! + (Number.isFinite(cost) ? 0 : 1);
  });
  let cheapest = Infinity;
  let best: (typeof runs)[number] | undefined;
  for (const run of runs) {
    const to = run.fullFrom + full;
    if (impossible[to]! > impossible[run.fullFrom]!) continue;
    const cost = sums[to]! - sums[run.fullFrom]! + (run.partAt >= 0 ? atShare[run.partAt]! : 0);
    if (!(cost < cheapest)) continue;
    cheapest = cost;
    best = run;
  }
  return best && powerOfRun(device, problem.steps, best);
}

/** The cheapest steps at full power, and the best step for what is left. */
function cheapestSteps(
  { problem }: PreparedSite,
  { device, steps }: ProcessPlan,
  full: number,
  atFull: Float64Array,
  atShare: Float64Array | undefined,
): Float64Array | undefined {
  const ranked = steps
    .filter((t) => Number.isFinite(atFull[t]))
    .sort((a, b) => atFull[a]! - atFull[b]! || a - b);
  if (ranked.length < full) return undefined;
  const power = new Float64Array(problem.steps);
  const chosen = ranked.slice(0, full);
  for (const t of chosen) power[t] = device.powerMw;
  if (!atShare) return power;
  // A step that runs at full power can be the one at a share of it, if the next cheapest step takes its place.
  const next = ranked[full];
  const nextCost = next === undefined ? Infinity : atFull[next]!;
  const extraCost = (t: number) => (power[t] === 0 ? atShare[t]! : atShare[t]! - atFull[t]! + nextCost);
  const part = steps.reduce((best, t) => (extraCost(t) < extraCost(best) ? t : best), steps[0]!);
  if (!Number.isFinite(extraCost(part))) return undefined;
  if (power[part] !== 0) power[next!] = device.powerMw;
  power[part] = (device.durationSteps - full) * device.powerMw;
  return power;
}
