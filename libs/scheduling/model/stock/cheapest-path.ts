import type { Solver } from '#lib/solver/model';
import { convexPath } from './convex-path';
import { solveDynamicProgram } from './dynamic-program';
import { pathCost } from './path-cost';
import { idleStock, type StockProblem } from './stock-problem';
import { buildStorageProgram, idleCost } from './storage-program';

export interface PathOptions {
  /** Time limit (default 60 s); after it, the best path found is returned with its gap. */
  timeLimitMs?: number;
  /** Largest number of breakpoints of a value function (default 20,000); larger ones are approximated. */
  maxBreakpoints?: number;
  /**
   * Largest number of pieces of a convex value function (default 100,000). A storage that takes months to fill can have
   * more and is left to the solver.
   */
  maxPieces?: number;
}

export type PathMethod = 'convex' | 'lp' | 'dynamic-programming';

export interface StockPath {
  /** Stock units above the stock at start, after k steps; length steps + 1. */
  stock: Float64Array;
  method: PathMethod;
  /** Money units; cost of the path, compared with an idle storage. */
  cost: number;
  /** Money units by which the cost may exceed the optimum. */
  gap: number;
}

/** Money units by which the cost may exceed the bound of the relaxation and still count as optimal: solver noise. */
const costTolerance = (cost: number) => 1e-9 * (1 + Math.abs(cost));

/** Stock units by which a path of the relaxation may exceed the limits of a step: solver noise. */
const stockTolerance = 1e-7;

/**
 * Finds the cheapest path of the stock.
 *
 * The convex relaxation comes first: it replaces the cost of each step by its convex hull. If its path really costs what
 * the relaxation promises, the path is optimal. Storages that are too large for this method are left to the solver, as a
 * linear program. If the relaxation gains from charging and discharging at once, or from importing and exporting at
 * once, the dynamic program finds the optimum.
 */
export async function cheapestPath(
  problem: StockProblem,
  solver: Solver,
  { timeLimitMs = 60_000, maxBreakpoints = 20_000, maxPieces = 100_000 }: PathOptions,
): Promise<StockPath> {
  const startMs = performance.now();
  const convex = convexPath(problem, maxPieces);
  const relaxed = convex
    ? evaluatePath(problem, convex.stock, convex.lowerBound)
    : await solveRelaxation(problem, solver, timeLimitMs / 2);
  if (relaxed && relaxed.excessCost <= costTolerance(relaxed.cost)) {
    const { stock, cost, excessCost } = relaxed;
    return { stock, method: convex ? 'convex' : 'lp', cost, gap: Math.max(0, excessCost) };
  }
  const { stock, cost, gap } = solveDynamicProgram(problem, {
    maxBreakpoints,
    deadlineMs: startMs + timeLimitMs,
  });
  return { stock, method: 'dynamic-programming', cost, gap };
}

interface RelaxedPath {
  stock: Float64Array;
  /** Money units; true cost of the path. */
  cost: number;
  /** Money units by which the true cost exceeds the optimum of the relaxation. */
  excessCost: number;
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
  return evaluatePath(problem, stock, idleCost(problem) + solution.objective);
}

function evaluatePath(
  problem: StockProblem,
  stock: Float64Array,
  lowerBound: number,
): RelaxedPath | undefined {
  if (!isFeasible(problem, stock)) return undefined;
  const cost = pathCost(problem, stock);
  return { stock, cost, excessCost: cost - lowerBound };
}

function isFeasible(problem: StockProblem, stock: Float64Array): boolean {
  const { knotStarts, knotChange } = problem;
  for (let t = 0; t + 1 < stock.length; t++) {
    const change = stock[t + 1]! - idleStock(problem, t, stock[t]!);
    if (change < knotChange[knotStarts[t]!]! - stockTolerance) return false;
    if (change > knotChange[knotStarts[t + 1]! - 1]! + stockTolerance) return false;
  }
  return true;
}
