import type { Solver } from '#lib/solver/model';
import { explainDevices } from '../explain/explain-devices';
import { prepareSite } from '../problem/prepared/prepared-site';
import type { SiteOptions, SiteProblem, SiteSchedule } from '../problem/site-problem';
import { assertValidProblem } from '../problem/validate-problem';
import { optimiseSite } from './optimise-site';
import { scheduleRelaxed } from './schedule-relaxed';
import { scheduleSingleStorage } from './single/schedule-single-storage';
import { toSiteSchedule } from './site-schedule';

/**
 * Finds the cheapest schedule of all devices of a site together.
 *
 * @param problem see SiteProblem for units and signs
 * @throws RangeError if the problem is invalid; constraints that cannot all be met give a fallback schedule instead
 */
export async function scheduleSite(
  problem: SiteProblem,
  solver: Solver,
  options: SiteOptions = {},
): Promise<SiteSchedule> {
  assertValidProblem(problem);
  const { timeLimitMs = 60_000, acceptedGap = 1e-3 } = options;
  const { exactTimeMs = 2_000, decompositionTimeMs = 4_000 } = options;
  const deadlineMs = performance.now() + timeLimitMs;
  const limits = { deadlineMs, acceptedGap, exactTimeMs, decompositionTimeMs };
  const schedule = await scheduleSingleStorage(problem, solver, limits);
  if (schedule) return schedule;
  const conflicts = explainDevices(problem);
  const site = conflicts.length === 0 ? prepareSite(problem) : undefined;
  const optimum = site && (await optimiseSite(site, solver, limits));
  if (optimum) return toSiteSchedule(problem, optimum, acceptedGap);
  return scheduleRelaxed(problem, solver, conflicts, limits);
}
