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
  /** Proven relative distance from the optimum: 0 for an optimal linear program, Infinity when nothing is proven. */
  gap: number;
}

export interface SolveOptions {
  timeLimitMs?: number;
  /** Relative gap at which a mixed-integer program counts as solved (default 0). */
  mipGap?: number;
}

/** What a solver has to offer; the same program gives the same solution every time, unless the time limit strikes. */
export interface Solver {
  solve(program: LinearProgram, options?: SolveOptions): Promise<Solution>;
}
