import type { Solver } from '#lib/solver/model';

/**
 * A pure function that may use a solver, and the module from which a thread can load it. Input and output are plain data
 * (numbers, strings, typed arrays, objects of these).
 */
export interface Calculation<Input, Output> {
  /** Absolute path of the compiled module. */
  module: string;
  /** Name of the module's export that is `calculate`. */
  name: string;
  calculate: (input: Input, solver: Solver) => Promise<Output>;
}

/** Runs calculations: in this thread, or in others. */
export interface Calculator {
  run<Input, Output>(calculation: Calculation<Input, Output>, input: Input): Promise<Output>;
}
