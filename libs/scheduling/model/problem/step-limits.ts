import { valueAt } from './stock';
import type { StorageProblem } from './storage-problem';

/** Limits of a storage in each step. */
export interface StepLimits {
  /** MW, consumption positive; the storage's power in step t lies in [powerMin[t], powerMax[t]]. */
  powerMin: Float64Array;
  powerMax: Float64Array;
  /** MWh; the stock after k steps lies in [socMin[k], socMax[k]]. Both are the stock at start for k = 0. */
  socMin: Float64Array;
  socMax: Float64Array;
}

/**
 * Combines power limits, site capacities, soc bounds and targets. The inflexible power is given, so the site's
 * capacities become bounds of the storage's own power; powerMin > powerMax where the storage cannot keep the site within
 * its capacity.
 */
export function stepLimits(problem: StorageProblem): StepLimits {
  const { powerMin, powerMax } = powerLimits(problem);
  return { powerMin, powerMax, ...stockLimits(problem, problem.steps) };
}

function powerLimits(problem: StorageProblem) {
  const { steps, siteConsumptionCapacityMw = Infinity, siteProductionCapacityMw = Infinity } = problem;
  const powerMin = new Float64Array(steps);
  const powerMax = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    const inflexible = problem.inflexiblePowerMw?.[t] ?? 0;
    const lowestNet = -valueAt(siteProductionCapacityMw, t);
    const highestNet = valueAt(siteConsumptionCapacityMw, t);
    powerMin[t] = Math.max(-valueAt(problem.dischargePowerMaxMw, t), differenceOf(lowestNet, inflexible));
    powerMax[t] = Math.min(valueAt(problem.chargePowerMaxMw, t), differenceOf(highestNet, inflexible));
  }
  return { powerMin, powerMax };
}

/** The difference of two powers, 0 if it is a rounding error: 1 - 0.9 is not 0.1. */
function differenceOf(one: number, other: number): number {
  const difference = one - other;
  return Math.abs(difference) <= 1e-9 * Math.abs(other) ? 0 : difference;
}

/** Combines bounds and targets of a stock. */
export function stockLimits(
  problem: Pick<StorageProblem, 'socAtStartMwh' | 'socMinMwh' | 'socMaxMwh' | 'socTargets'>,
  steps: number,
): Pick<StepLimits, 'socMin' | 'socMax'> {
  const socMin = new Float64Array(steps + 1).fill(problem.socAtStartMwh);
  const socMax = socMin.slice();
  for (let t = 0; t < steps; t++) {
    socMin[t + 1] = valueAt(problem.socMinMwh, t);
    socMax[t + 1] = valueAt(problem.socMaxMwh, t);
  }
  const seen = new Set<number>([0]);
  for (const { step, socMwh } of problem.socTargets ?? []) {
    // Targets that contradict each other (or the stock at start) give an empty interval: socMin > socMax.
    socMin[step] = seen.has(step) ? Math.max(socMin[step]!, socMwh) : socMwh;
    socMax[step] = seen.has(step) ? Math.min(socMax[step]!, socMwh) : socMwh;
    seen.add(step);
  }
  return { socMin, socMax };
}
