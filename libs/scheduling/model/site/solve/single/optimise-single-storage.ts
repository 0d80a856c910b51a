import type { Solver } from '#lib/solver/model';
import { type Infeasibility, isInfeasible } from '../../../problem/reachable-stock';
import type { StorageProblem } from '../../../problem/storage-problem';
import { optimiseStorage } from '../../../storage/optimise-storage';
import type { Optimum } from '../optimum';

export interface SingleStorageOptimum extends Pick<Optimum, 'method' | 'gap'> {
  /** MW per step of the storage, consumption positive. */
  powerMw: Float64Array;
}

/**
 * Optimises a site in which the power of one storage is the only decision and that pays for energy only. Exact.
 *
 * @param storage the storage behind the site's connection
 */
export async function optimiseSingleStorage(
  storage: StorageProblem,
  solver: Solver,
  deadlineMs: number,
): Promise<SingleStorageOptimum | Infeasibility> {
  const timeLimitMs = Math.max(1, deadlineMs - performance.now());
  const optimum = await optimiseStorage(storage, solver, { timeLimitMs });
  if (isInfeasible(optimum)) return optimum;
  const { powerMw, method, gap } = optimum;
  return { powerMw, method: method === 'dynamic-programming' ? 'exact' : 'lp', gap };
}
