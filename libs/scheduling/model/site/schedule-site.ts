import type { Solver } from '#lib/solver/model';
import { describeSite } from './describe-site';
import { optimise } from './optimise';
import { explainNoRun } from './process-runs';
import { explainImpossible, scheduleRelaxed } from './relaxed-site';
import { isImpossible, siteFrame } from './site-frame';
import type { SiteOptions, SiteProblem, SiteSchedule } from './site-problem';
import { assertSiteWellFormed } from './site-well-formed';

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
  const deadlineMs = performance.now() + (options.timeLimitMs ?? 60_000);
  const reasons = problem.devices.flatMap((device) =>
    device.kind === 'process' ? (explainNoRun(device, problem.steps) ?? []) : [],
  );
  const frame = siteFrame(problem);
  if (isImpossible(frame)) reasons.unshift(explainImpossible(frame));
  const optimum =
    reasons.length > 0 || isImpossible(frame)
      ? undefined
      : await optimise(frame, solver, deadlineMs, options.acceptedGap ?? 1e-3);
  if (optimum) return describeSite(problem, optimum, options.acceptedGap ?? 1e-3);
  return scheduleRelaxed(problem, solver, reasons, deadlineMs);
}
