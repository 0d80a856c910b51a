import type { Infeasibility } from '../problem/reachable-stock';
import type { StepLimits } from '../problem/step-limits';
import { powerForStockChange, stockChange, stockWhenIdle } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';

/**
 * A schedule for a problem whose constraints cannot all be met: full power towards the first target, or without
 * targets towards the first bound that is violated; idle once the stock is there, and when there is no such goal.
 * Power limits and site capacities are kept as far as idling keeps them; bounds of the stock are not looked at.
 *
 * @param infeasibility in MWh
 * @returns MW at the meter per step, consumption positive
 */
export function fallbackSchedule(
  problem: StorageProblem,
  limits: StepLimits,
  infeasibility: Infeasibility,
): Float64Array {
  const power = new Float64Array(problem.steps);
  const goal = firstTarget(problem) ?? violatedBound(infeasibility);
  if (goal === undefined) return power;
  let soc = problem.socAtStartMwh;
  for (let t = 0; t < problem.steps; t++) {
    const idle = stockWhenIdle(problem, t, soc);
    const wanted = powerForStockChange(problem, t, goal - idle);
    const highest = Math.max(0, limits.powerMax[t]!);
    const lowest = Math.min(0, limits.powerMin[t]!);
    power[t] = Math.min(Math.max(wanted, lowest), highest) + 0;
    soc = idle + stockChange(problem, t, power[t]!);
  }
  return power;
}

function firstTarget(problem: StorageProblem): number | undefined {
  const targets = problem.socTargets ?? [];
  return [...targets].sort((a, b) => a.step - b.step)[0]?.socMwh;
}

/** The bound to go to, in MWh; none where bounds contradict each other, or power limits do. */
function violatedBound({ kind, wanted }: Infeasibility): number | undefined {
  return kind === 'too-low' || kind === 'too-high' ? wanted : undefined;
}
