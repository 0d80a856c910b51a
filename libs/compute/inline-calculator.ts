import { HighsSolver } from '#lib/solver';
import type { Calculation, Calculator } from './model';

/** Runs calculations in the calling thread: for processes with a single task, such as a command. */
export class InlineCalculator implements Calculator {
  private readonly solver = new HighsSolver();

  run<Input, Output>({ calculate }: Calculation<Input, Output>, input: Input): Promise<Output> {
    return calculate(input, this.solver);
  }
}
