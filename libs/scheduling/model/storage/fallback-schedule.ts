import type { Infeasibility } from '../problem/reachable-stock';
import { stepLimits } from '../problem/step-limits';
import { powerForStockChange, stockChange, stockWhenIdle } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';

/**
 * A rule-based schedule for a storage whose constraints cannot all be met: full power towards the first target, or
 * without targets towards the first bound that is not met; idle as soon as the stock is there, or if there is neither.
 * It keeps power limits, and site capacities as far as an idle storage keeps them. It ignores bounds of the stock.
 *
 * @param infeasibility in MWh
 * @returns MW at the meter per step, consumption positive
 */
export function fallbackSchedule(problem: StorageProblem, infeasibility: Infeasibility): Float64Array {
  const power = new Float64Array(problem.steps);
  const goal = firstTarget(problem) ?? missedBound(infeasibility);
  if (goal === undefined) return power;
  const { powerMin, powerMax } = stepLimits(problem);
  let soc = problem.socAtStartMwh;
  for (let t = 0; t < problem.steps; t++) {
    const idle = stockWhenIdle(problem, t, soc);
    const wanted = powerForStockChange(problem, t, goal - idle);
    const highest = Math.max(0, powerMax[t]!);
    const lowest = Math.min(0, powerMin[t]!);
    power[t] = Math.min(Math.max(wanted, lowest), highest) + 0;
    soc = idle + stockChange(problem, t, power[t]!);
  }
  return power;
}

function firstTarget(problem: StorageProblem): number | undefined {
  const targets = problem.socTargets ?? [];
  return [...targets].sort((a, b) => a.step - b.step)[0]?.socMwh;
}

/** The bound that is not met, in MWh; undefined if bounds or power limits contradict each other. */
function missedBound({ kind, wanted }: Infeasibility): number | undefined {
  return kind === 'too-low' || kind === 'too-high' ? wanted : undefined;
}
