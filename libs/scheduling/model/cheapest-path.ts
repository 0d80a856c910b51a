import type { Solver } from '#lib/solver/model';
import { solveDynamicProgram } from './dynamic-program';
import { costOfPath } from './step-cost';
import type { StockProblem } from './stock-problem';
import type { ScheduleMethod, ScheduleOptions } from './storage-problem';
import { buildStorageProgram, idleCost } from './storage-program';

export interface StockPath {
  /** Stock units above the stock at start, after k steps; length steps + 1. */
  stock: Float64Array;
  method: ScheduleMethod;
  /** Money units by which the cost may at most exceed the optimum. */
  gap: number;
  warnings: string[];
}

/** Share of the money turned over by which a path may exceed the linear program's bound and count as optimal. */
const optimalWithin = 1e-9;

/**
 * The cheapest path of the stock. The linear relaxation comes first: its stocks, followed without overlapping pieces,
 * are a valid path, and where that costs no more than the relaxation's own bound, the path is optimal. Otherwise the
 * relaxation overlapped to its advantage, and the dynamic program decides.
 */
export async function cheapestPath(
  problem: StockProblem,
  solver: Solver,
  { timeLimitMs = 60_000, maxBreakpoints = 20_000 }: ScheduleOptions,
): Promise<StockPath> {
  const startMs = performance.now();
  const relaxed = await solveRelaxation(problem, solver, timeLimitMs);
  if (relaxed && relaxed.overlapCost <= tolerance(problem, relaxed.stock)) {
    return { stock: relaxed.stock, method: 'lp', gap: Math.max(0, relaxed.overlapCost), warnings: [] };
  }
  const exact = solveDynamicProgram(problem, { maxBreakpoints, deadlineMs: startMs + timeLimitMs });
  return {
    stock: exact.stock,
    method: 'dynamic-programming',
    gap: exact.gap,
    warnings: exact.approximated ? ['A limit on time or size was met: the schedule may not be the cheapest.'] : [],
  };
}

interface RelaxedPath {
  stock: Float64Array;
  /** Money units by which following the path without overlap costs more than the relaxation's optimum. */
  overlapCost: number;
}

async function solveRelaxation(
  problem: StockProblem,
  solver: Solver,
  timeLimitMs: number,
): Promise<RelaxedPath | undefined> {
  const solution = await solver.solve(buildStorageProgram(problem), { timeLimitMs });
  if (solution.status !== 'optimal' || !solution.columns) return undefined;
  const stock = new Float64Array(problem.steps + 1);
  stock.set(solution.columns.subarray(0, problem.steps), 1);
  return { stock, overlapCost: costOfPath(problem, stock) - idleCost(problem) - solution.objective };
}

/** Money units; covers the solver's own tolerances. */
function tolerance(problem: StockProblem, stock: Float64Array): number {
  return 1e-9 + optimalWithin * Math.abs(costOfPath(problem, stock));
}
