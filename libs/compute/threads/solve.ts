import type { LinearProgram, Solution, SolveOptions, Solver } from '#lib/solver/model';
import type { Calculation } from '../model';

interface SolveInput {
  program: LinearProgram;
  options: SolveOptions;
}

export const solve = ({ program, options }: SolveInput, solver: Solver): Promise<Solution> =>
  solver.solve(program, options);

/** Solves one program, as a calculation. */
export const SOLVE: Calculation<SolveInput, Solution> = {
  // Relative to the module that threads run.
  module: './solve',
  name: 'solve',
  calculate: solve,
};
