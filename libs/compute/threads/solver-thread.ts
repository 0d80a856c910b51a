import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { DomainError } from '#lib/errors';
import { HighsSolver, solverMemoryBytes } from '#lib/solver';
import type { Calculation } from '../model';
import type { Answer, Assignment, Failure } from './messages';
import { wholeBuffersOf } from './whole-buffers';

/* What runs in a solver thread: one assignment after the other. */

const load = createRequire(__filename);
const solver = new HighsSolver();

async function carryOut({ module, name, input }: Assignment): Promise<Answer> {
  try {
    const { [name]: calculate } = load(module) as Record<string, Calculation<unknown, unknown>['calculate']>;
    if (calculate === undefined) throw new Error(`${module} has no ${name}.`);
    return { output: await calculate(input, solver), memoryBytes: await solverMemoryBytes() };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  const { code, field } = error instanceof DomainError ? error : {};
  const { message, stack } = error instanceof Error ? error : { message: String(error) };
  return { message, stack, code, field };
}

parentPort?.on('message', (assignment: Assignment) => {
  void carryOut(assignment).then((answer) => parentPort?.postMessage(answer, wholeBuffersOf(answer)));
});
