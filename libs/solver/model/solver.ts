import type { LinearProgram } from './linear-program';

export type SolutionStatus =
  | 'optimal'
  | 'infeasible'
  | 'unbounded'
  /** Infeasible or unbounded; the solver stopped before telling which. */
  | 'infeasible-or-unbounded'
  /** Stopped by the time limit; `columns` holds the best point found, if any. */
  | 'time-limit'
  | 'failed';

export interface Solution {
  status: SolutionStatus;
  /** Cost of `columns`; NaN when there is no point. */
  objective: number;
  /** One value per column; undefined when no feasible point is known. */
  columns: Float64Array | undefined;
  /**
   * For a linear program: one dual value per row, by which the optimal cost rises per unit that the row's binding side
   * rises. A column's reduced cost is its cost less the sum of coefficient times dual value over its rows.
   */
  rowDuals?: Float64Array;
  /** For a mixed-integer program: a proven lower bound of the optimal cost. */
  bound?: number;
  /** Proven relative distance from the optimum: 0 for an optimal linear program, Infinity when nothing is proven. */
  gap: number;
}

export interface SolveOptions {
  timeLimitMs?: number;
  /** Whether a linear program is large and more than a network; a hint on how to solve it. */
  isCoupled?: boolean;
  /** Relative gap at which a mixed-integer program counts as solved (default 0). */
  mipGap?: number;
}

/** What a solver has to offer; the same program gives the same solution every time, unless the time limit strikes. */
export interface Solver {
  solve(program: LinearProgram, options?: SolveOptions): Promise<Solution>;
}
