import type { Basis } from './basis';
import type { LinearProgram } from './linear-program';

export type SolutionStatus =
  | 'optimal'
  | 'infeasible'
  | 'unbounded'
  /** Infeasible or unbounded; the solver stopped before it knew which. */
  | 'infeasible-or-unbounded'
  /** Stopped by the time limit; `columns` holds the best solution found, if any. */
  | 'time-limit'
  | 'failed';

export interface Solution {
  status: SolutionStatus;
  /** Cost of `columns`; NaN if there are none. */
  objective: number;
  /** One value per column; undefined if no feasible solution is known. */
  columns: Float64Array | undefined;
  /**
   * Only for linear programs: one dual value per row, the increase of the optimal cost per unit of the row's binding
   * bound. The reduced cost of a column is its cost minus the sum of coefficient times dual value over its rows.
   */
  rowDuals?: Float64Array;
  /** Only for linear programs that have an optimum. */
  basis?: Basis;
  /** Only for mixed-integer programs: a proven lower bound of the optimal cost, also without a feasible solution. */
  bound?: number;
  /** Proven relative distance from the optimum: 0 for an optimal linear program, Infinity if nothing is proven. */
  gap: number;
}

export interface SolveOptions {
  timeLimitMs?: number;
  /** Hint for linear programs: whether it is large and has rows that couple many columns. */
  isCoupled?: boolean;
  /** Values of some columns to start a mixed-integer program from; other columns are completed if possible. */
  start?: { columns: Int32Array; values: Float64Array };
  /** Only for linear programs: where to start the search, see Basis. The solution does not depend on it. */
  basis?: Basis;
  /** Relative gap at which a mixed-integer program counts as solved (default 0). */
  mipGap?: number;
}

/** Solves programs. The same program always gives the same solution, unless the time limit is reached. */
export interface Solver {
  solve(program: LinearProgram, options?: SolveOptions): Promise<Solution>;
}
