import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { DomainError } from '#lib/errors';
import { HighsSolver, solverMemoryBytes } from '#lib/solver';
import type { Calculation } from '../model';
import type { Task, TaskFailure, TaskResult } from './messages';
import { transferableBuffers } from './transferable-buffers';

/* Entry of a solver thread: runs one task at a time. */

const load = createRequire(__filename);
const solver = new HighsSolver();

async function runTask({ module, name, input }: Task): Promise<TaskResult> {
  try {
    const { [name]: calculate } = load(module) as Record<string, Calculation<unknown, unknown>['calculate']>;
    if (calculate === undefined) throw new Error(`${module} has no export ${name}.`);
    return { output: await calculate(input, solver), memoryBytes: await solverMemoryBytes() };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}

function toFailure(error: unknown): TaskFailure {
  const { code, field } = error instanceof DomainError ? error : {};
  const { message, stack } = error instanceof Error ? error : { message: String(error) };
  return { message, stack, code, field };
}

parentPort?.on('message', (task: Task) => {
  void runTask(task).then((result) => parentPort?.postMessage(result, transferableBuffers(result)));
});
