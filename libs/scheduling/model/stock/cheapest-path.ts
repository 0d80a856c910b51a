import type { Solver } from '#lib/solver/model';
import type { ScheduleMethod, ScheduleOptions } from '../problem/storage-problem';
import { convexPath } from './convex-path';
import { solveDynamicProgram } from './dynamic-program';
import { pathCost } from './path-cost';
import { idleStock, type StockProblem } from './stock-problem';
import { buildStorageProgram, idleCost } from './storage-program';

export interface StockPath {
  /** Stock units above the stock at start, after k steps; length steps + 1. */
  stock: Float64Array;
  method: ScheduleMethod;
  /** Money units by which the cost may at most exceed the optimum. */
  gap: number;
  warnings: string[];
}

/** Money units by which a path may exceed the relaxation's bound and count as optimal: the solver's own noise. */
const optimalWithin = (cost: number) => 1e-9 * (1 + Math.abs(cost));

/** Stock units by which a path of the relaxation may exceed the limits of a step: the solver's own noise. */
const possibleWithin = 1e-7;

/**
 * The cheapest path of the stock. The convex relaxation comes first: each step at the convex hull of its cost. Where its
 * path costs no more in truth than the relaxation's own bound, it is optimal. Stores too large for it are left to the
 * solver, as a linear program: its stocks, followed without overlapping pieces, are a valid path. Where the relaxation
 * does two things at once to its advantage, the dynamic program decides.
 */
export async function cheapestPath(
  problem: StockProblem,
  solver: Solver,
  { timeLimitMs = 60_000, maxBreakpoints = 20_000, maxPieces = 100_000 }: ScheduleOptions,
): Promise<StockPath> {
  const startMs = performance.now();
  const convex = convexPath(problem, maxPieces);
  const relaxed = convex
    ? followed(problem, convex.stock, convex.lowerBound)
    : await solveRelaxation(problem, solver, timeLimitMs / 2);
  if (relaxed && relaxed.overlapCost <= optimalWithin(relaxed.cost)) {
    const gap = Math.max(0, relaxed.overlapCost);
    return { stock: relaxed.stock, method: convex ? 'convex' : 'lp', gap, warnings: [] };
  }
  const exact = solveDynamicProgram(problem, { maxBreakpoints, deadlineMs: startMs + timeLimitMs });
  return {
    stock: exact.stock,
    method: 'dynamic-programming',
    gap: exact.gap,
    warnings: exact.approximated
      ? ['A limit on time or size was met: the schedule may not be the cheapest.']
      : [],
  };
}

interface RelaxedPath {
  stock: Float64Array;
  /** Money units; what it costs to follow the path without overlap. */
  cost: number;
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
  return followed(problem, stock, idleCost(problem) + solution.objective);
}

function followed(problem: StockProblem, stock: Float64Array, bound: number): RelaxedPath | undefined {
  if (!isPossible(problem, stock)) return undefined;
  const cost = pathCost(problem, stock);
  return { stock, cost, overlapCost: cost - bound };
}

function isPossible(problem: StockProblem, stock: Float64Array): boolean {
  const { knotStarts, knotChange } = problem;
  for (let t = 0; t + 1 < stock.length; t++) {
    const change = stock[t + 1]! - idleStock(problem, t, stock[t]!);
    if (change < knotChange[knotStarts[t]!]! - possibleWithin) return false;
    if (change > knotChange[knotStarts[t + 1]! - 1]! + possibleWithin) return false;
  }
  return true;
}
