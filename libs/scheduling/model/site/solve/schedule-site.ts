import type { Solver } from '#lib/solver/model';
import { explainDevices } from '../explain/explain-site';
import { isImpossible, siteFrame } from '../problem/site-frame';
import type { SiteOptions, SiteProblem, SiteSchedule } from '../problem/site-problem';
import { assertSiteWellFormed } from '../problem/site-well-formed';
import { describeSite } from './describe-site';
import { scheduleLone } from './lone-storage';
import { optimise } from './optimise';
import { scheduleRelaxed } from './relaxed-site';

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
  assertSiteWellFormed(problem);
  const { timeLimitMs = 60_000, acceptedGap = 1e-3, exactTimeMs = 2_000 } = options;
  const limits = { deadlineMs: performance.now() + timeLimitMs, acceptedGap, exactTimeMs };
  const lone = await scheduleLone(problem, solver, limits);
  if (lone) return lone;
  const frame = siteFrame(problem);
  const conflicts = explainDevices(problem);
  const isPossible = conflicts.length === 0 && !isImpossible(frame);
  const optimum = isPossible ? await optimise(frame, solver, limits) : undefined;
  if (optimum) return describeSite(problem, optimum, acceptedGap);
  return scheduleRelaxed(problem, solver, conflicts, limits);
}
