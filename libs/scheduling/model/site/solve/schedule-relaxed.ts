import type { Solver } from '#lib/solver/model';
import type { Conflict } from '../../conflicts/conflict';
import { explainMissedLimits } from '../explain/explain-missed-limits';
import { earliestRun } from '../problem/process-runs';
import type { SiteProblem, SiteSchedule } from '../problem/site-problem';
import { leastBreach } from './breach/least-breach';
import type { SearchLimits } from './optimum';
import { toFallback } from './site-schedule';

/**
 * A fallback schedule for a site whose constraints cannot all be met. It breaks limits as little as possible (see
 * leastBreach).
 *
 * @param deviceConflicts conflicts that devices have on their own
 */
export async function scheduleRelaxed(
  problem: SiteProblem,
  solver: Solver,
  deviceConflicts: Conflict[],
  limits: SearchLimits,
): Promise<SiteSchedule> {
  const powers = await leastBreach(problem, solver, limits);
  if (!powers) return toFallback(problem, idlePowers(problem), deviceConflicts);
  // A device with conflicts of its own misses limits in this schedule too: its own conflicts explain them.
  const explained = new Set(deviceConflicts.map(({ device }) => device));
  const others = explainMissedLimits(problem, powers).filter(
    ({ device }) => device === undefined || !explained.has(device),
  );
  return toFallback(problem, powers, [...deviceConflicts, ...others]);
}

/** What is possible without a search: storages idle, processes run as early as they can. */
const idlePowers = ({ steps, devices }: SiteProblem): Float64Array[] =>
  devices.map((device) => {
    if (device.kind === 'inflexible') return device.powerMw;
    return device.kind === 'process' ? earliestRun(device, steps) : new Float64Array(steps);
  });
