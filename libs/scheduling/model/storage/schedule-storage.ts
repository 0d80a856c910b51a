import type { Solver } from '#lib/solver/model';
import { hoursAfterStart, describeConflicts } from '../conflicts/describe-conflict';
import { addSeries, priceSlope } from '../problem/price-slope';
import type { Infeasibility } from '../problem/reachable-stock';
import { scheduleCost } from '../problem/energy-cost';
import { type StepLimits, stepLimits } from '../problem/step-limits';
import { simulateStock } from '../problem/stock';
import type { ScheduleOptions, ScheduleResult, StorageProblem } from '../problem/storage-problem';
import { assertWellFormed } from '../problem/well-formed';
import { cheapestPath } from '../stock/cheapest-path';
import { toStockProblem } from '../stock/stock-problem';
import { checkStorage } from './check-schedule';
import { explainStorage } from './explain-storage';
import { fallbackSchedule } from './fallback-schedule';
import { powerOfPath, roundPower } from './path-power';

/**
 * The cheapest schedule of one storage device.
 *
 * @param problem series and limits; see StorageProblem for units and signs
 * @param solver for the linear program
 * @throws RangeError when the problem is not well-formed (lengths, NaN, an efficiency outside (0, 1])
 */
export async function scheduleStorage(
  problem: StorageProblem,
  solver: Solver,
  options: ScheduleOptions = {},
): Promise<ScheduleResult> {
  assertWellFormed(problem);
  const limits = stepLimits(problem);
  const scaled = toStockProblem(withSlope(problem), limits);
  if ('kind' in scaled) return fallbackResult(problem, limits, scaled);
  const path = await cheapestPath(scaled, solver, options);
  const unroundedPowerMw = powerOfPath(problem, limits, scaled, path.stock);
  return {
    ...describe(problem, unroundedPowerMw),
    method: path.method,
    gap: path.gap * scaled.moneyUnit,
    fallback: false,
    warnings: [...path.warnings, ...selfCheck(problem, unroundedPowerMw, scaled.stockUnitMwh)],
  };
}

/** The problem at the prices that are optimised: with the slope where it is asked for. */
function withSlope(problem: StorageProblem): StorageProblem {
  if (!problem.preferChargingSooner) return problem;
  const slope = priceSlope(problem.consumptionPrices, problem.productionPrices);
  return {
    ...problem,
    consumptionPrices: addSeries(problem.consumptionPrices, slope),
    productionPrices: addSeries(problem.productionPrices, slope),
  };
}

function fallbackResult(
  problem: StorageProblem,
  limits: StepLimits,
  infeasibility: Infeasibility,
): ScheduleResult {
  const conflicts = explainStorage(problem);
  return {
    ...describe(problem, fallbackSchedule(problem, limits, infeasibility)),
    method: 'fallback',
    gap: NaN,
    fallback: true,
    fallbackReason: describeConflicts(conflicts, hoursAfterStart(problem.stepHours)),
    conflicts,
    warnings: [],
  };
}

function describe(problem: StorageProblem, unroundedPowerMw: Float64Array) {
  return {
    powerMw: roundPower(unroundedPowerMw),
    unroundedPowerMw,
    socMwh: simulateStock(problem, unroundedPowerMw, problem.socAtStartMwh),
    cost: scheduleCost(problem, unroundedPowerMw).cost,
  };
}

/** Re-checks the result against the constraints; a violation would be an error of ours and must not pass unseen. */
function selfCheck(problem: StorageProblem, powerMw: Float64Array, stockUnitMwh: number): string[] {
  return checkStorage(problem, powerMw, 1e-9 + 1e-6 * stockUnitMwh).violations.map(
    ({ rule, step, excess }) => `The schedule exceeds ${rule} by ${excess} in step ${step}.`,
  );
}
