import type { Infeasibility } from './reachable-stock';
import type { StepLimits } from './step-limits';
import { powerForStockChange, stockChange, stockWhenIdle } from './stock';
import type { StorageProblem } from './storage-problem';

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

/** Why no schedule keeps all constraints: a sentence for the user. */
export function explainInfeasibility(problem: StorageProblem, infeasibility: Infeasibility): string {
  const { step, kind } = infeasibility;
  const when = `${formatNumber(step * problem.stepHours)} h after the start`;
  const isTarget = problem.socTargets?.some((target) => target.step === step) ?? false;
  const wanted = `${formatNumber(infeasibility.wanted)} MWh`;
  const nearest = `${formatNumber(infeasibility.nearest)} MWh`;
  switch (kind) {
    case 'power':
      return `In the step that ends ${when} the site capacity cannot be kept: the device cannot make up for the inflexible power.`;
    case 'contradiction':
      return `The state of charge should be at least ${wanted} and at most ${nearest} ${when}.`;
    case 'too-low':
      return isTarget
        ? `The soc-target of ${wanted} ${when} cannot be reached: at most ${nearest} is possible by then.`
        : `The state of charge cannot be at or above soc-min (${wanted}) ${when}: at most ${nearest} is possible by then.`;
    case 'too-high':
      return isTarget
        ? `The soc-target of ${wanted} ${when} cannot be reached: at least ${nearest} remains by then.`
        : `The state of charge cannot be at or below soc-max (${wanted}) ${when}: at least ${nearest} remains by then.`;
  }
}

function firstTarget(problem: StorageProblem): number | undefined {
  const targets = problem.socTargets ?? [];
  return [...targets].sort((a, b) => a.step - b.step)[0]?.socMwh;
}

/** The bound to go to, in MWh; none where bounds contradict each other, or power limits do. */
function violatedBound({ kind, wanted }: Infeasibility): number | undefined {
  return kind === 'too-low' || kind === 'too-high' ? wanted : undefined;
}

const formatNumber = (value: number) => String(Number(value.toFixed(6)));
