import { stepLimits } from '../problem/step-limits';
import { simulateStock, valueAt } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';

export type ScheduleRule =
  | 'charge-power-max'
  | 'discharge-power-max'
  | 'site-consumption-capacity'
  | 'site-production-capacity'
  | 'soc-min'
  | 'soc-max'
  | 'soc-target';

export interface StorageViolation {
  rule: ScheduleRule;
  /** The step (0..steps-1) whose power breaks the rule, or at whose end the state of charge does. */
  step: number;
  /** By how much, in MW or MWh; positive. */
  excess: number;
}

export interface ScheduleCheck {
  violations: StorageViolation[];
  /** Largest excess over any limit, in MW or MWh, tolerated ones included; 0 when there is none. */
  worst: number;
  /** MWh after k steps; length steps + 1. */
  socMwh: Float64Array;
}

/**
 * Tests a schedule against every constraint of its problem by simulating the stock anew, independently of how the
 * schedule was found.
 *
 * @param powerMw MW at the meter per step, consumption positive
 * @param tolerance MW and MWh by which a limit may be passed
 */
export function checkStorage(
  problem: StorageProblem,
  powerMw: Float64Array,
  tolerance = 1e-6,
): ScheduleCheck {
  const socMwh = simulateStock(problem, powerMw, problem.socAtStartMwh);
  const violations: StorageViolation[] = [];
  let worst = 0;
  const note = (rule: ScheduleRule, step: number, excess: number) => {
    worst = Math.max(worst, excess);
    // Written so that a NaN counts as a violation.
    if (!(excess <= tolerance)) violations.push({ rule, step, excess });
  };
  checkPower(problem, powerMw, note);
  checkSoc(problem, socMwh, note);
  return { violations, worst, socMwh };
}

type Note = (rule: ScheduleRule, step: number, excess: number) => void;

function checkPower(problem: StorageProblem, powerMw: Float64Array, note: Note): void {
  for (let t = 0; t < problem.steps; t++) {
    const power = powerMw[t]!;
    const net = power + (problem.inflexiblePowerMw?.[t] ?? 0);
    note('charge-power-max', t, power - valueAt(problem.chargePowerMaxMw, t));
    note('discharge-power-max', t, -power - valueAt(problem.dischargePowerMaxMw, t));
    note('site-consumption-capacity', t, net - valueAt(problem.siteConsumptionCapacityMw ?? Infinity, t));
    note('site-production-capacity', t, -net - valueAt(problem.siteProductionCapacityMw ?? Infinity, t));
  }
}

function checkSoc(problem: StorageProblem, socMwh: Float64Array, note: Note): void {
  const { socMin, socMax } = stepLimits(problem);
  const targets = new Set(problem.socTargets?.map((target) => target.step));
  for (let k = 1; k <= problem.steps; k++) {
    note(targets.has(k) ? 'soc-target' : 'soc-min', k - 1, socMin[k]! - socMwh[k]!);
    note(targets.has(k) ? 'soc-target' : 'soc-max', k - 1, socMwh[k]! - socMax[k]!);
  }
}
