import { HighsSolver } from '#lib/solver';
import type { Calculation, Calculator } from './model';

/** Calculates in the calling thread: for processes that do one thing at a time, such as a command. */
export class InlineCalculator implements Calculator {
  private readonly solver = new HighsSolver();

  run<Input, Output>({ calculate }: Calculation<Input, Output>, input: Input): Promise<Output> {
    return calculate(input, this.solver);
  }
}
