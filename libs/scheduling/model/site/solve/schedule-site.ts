import type { Solver } from '#lib/solver/model';
import { explainDevices } from '../explain/explain-site';
import { isInfeasibleStorage, prepareSite } from '../problem/prepared-site';
import type { SiteOptions, SiteProblem, SiteSchedule } from '../problem/site-problem';
import { assertValidProblem } from '../problem/validate-problem';
import { toSiteSchedule } from './site-schedule';
import { scheduleLone } from './lone-storage';
import { optimiseSite } from './optimise-site';
import { scheduleRelaxed } from './schedule-relaxed';

/**
 * The cheapest schedule of all devices of a site together.
 *
 * @param problem see SiteProblem for units and signs
 * @throws RangeError when the problem is not well-formed; constraints that exclude each other give a fallback instead
 */
export async function scheduleSite(
  problem: SiteProblem,
  solver: Solver,
  options: SiteOptions = {},
): Promise<SiteSchedule> {
  assertValidProblem(problem);
  const { timeLimitMs = 60_000, acceptedGap = 1e-3, exactTimeMs = 2_000 } = options;
  const limits = { deadlineMs: performance.now() + timeLimitMs, acceptedGap, exactTimeMs };
  const lone = await scheduleLone(problem, solver, limits);
  if (lone) return lone;
  const frame = prepareSite(problem);
  const conflicts = explainDevices(problem);
  const isPossible = conflicts.length === 0 && !isInfeasibleStorage(frame);
  const optimum = isPossible ? await optimiseSite(frame, solver, limits) : undefined;
  if (optimum) return toSiteSchedule(problem, optimum, acceptedGap);
  return scheduleRelaxed(problem, solver, conflicts, limits);
}
