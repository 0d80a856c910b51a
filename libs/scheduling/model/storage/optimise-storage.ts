import type { Solver } from '#lib/solver/model';
import { addSeries } from '../problem/price-slope';
import { type Infeasibility, isInfeasible } from '../problem/reachable-stock';
import { stepLimits } from '../problem/step-limits';
import type { StorageProblem } from '../problem/storage-problem';
import { tieBreaks, totalTieCost } from '../problem/tie-breaks';
import { cheapestPath, type PathMethod, type PathOptions } from '../stock/cheapest-path';
import { toStockProblem } from '../stock/stock-problem';
import { powerOfPath } from './path-power';

export interface StorageOptimum {
  /** MW at the meter per step, consumption positive, not rounded. */
  powerMw: Float64Array;
  method: PathMethod;
  /** Currency; what the power costs, compared with an idle storage. The problem's ties and the price slope are included. */
  cost: number;
  /** Currency by which another schedule could be cheaper; 0 up to rounding errors unless a limit was reached. */
  gap: number;
}

/**
 * Finds the cheapest schedule of one storage, exactly for any sign and order of prices. All schedules of single storages
 * come from here: of a site with one storage, of storages that nothing couples, and of one storage among others whose
 * power is given.
 *
 * @param problem a valid problem; see StorageProblem for units and signs
 * @param solver only used for storages that take months to fill
 * @returns the schedule, or (in MWh) why no schedule meets all constraints
 */
export async function optimiseStorage(
  problem: StorageProblem,
  solver: Solver,
  options: PathOptions = {},
): Promise<StorageOptimum | Infeasibility> {
  const limits = stepLimits(problem);
  const withOwnTies = withTies(problem);
  const stockProblem = toStockProblem(withOwnTies, limits);
  if (isInfeasible(stockProblem)) return stockProblem;
  const { stock, method, cost, gap } = await cheapestPath(stockProblem, solver, options);
  const powerMw = powerOfPath(problem, limits, stockProblem, stock);
  const ties = problem.ties ? 0 : totalTieCost(withOwnTies.ties!, problem, powerMw);
  return {
    powerMw,
    method,
    cost: cost * stockProblem.moneyUnit - ties,
    gap: gap * stockProblem.moneyUnit,
  };
}

/** Adds the ties of a storage alone, unless the problem has those of its site. */
function withTies(problem: StorageProblem): StorageProblem {
  if (problem.ties) return problem;
  const { consumptionPrices, productionPrices, preferChargingSooner } = problem;
  const { storage: ties, sooner } = tieBreaks(consumptionPrices, productionPrices, 'exact');
  if (!preferChargingSooner) return { ...problem, ties };
  return {
    ...problem,
    ties,
    consumptionPrices: addSeries(consumptionPrices, sooner),
    productionPrices: addSeries(productionPrices, sooner),
  };
}
