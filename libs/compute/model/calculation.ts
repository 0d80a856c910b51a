import type { Solver } from '#lib/solver/model';

/**
 * A calculation that needs a solver, and where a thread finds it. Input and output are plain data (numbers, texts,
 * typed arrays, objects of these); the calculation keeps nothing between calls.
 */
export interface Calculation<Input, Output> {
  /** Absolute path of the compiled module. */
  module: string;
  /** Name under which the module exports `calculate`. */
  name: string;
  calculate: (input: Input, solver: Solver) => Promise<Output>;
}

/** Where calculations are carried out: in this thread, or in others. */
export interface Calculator {
  run<Input, Output>(calculation: Calculation<Input, Output>, input: Input): Promise<Output>;
}
