import { Worker } from 'node:worker_threads';
import { DomainError } from '#lib/errors';
import type { Task, TaskFailure, TaskResult } from './messages';

interface Running {
  resolve: (output: unknown) => void;
  reject: (reason: Error) => void;
  timer: NodeJS.Timeout;
}

/** Heap for young objects. Calculations use few, large arrays; the default of Node.js is three times as much. */
const YOUNG_HEAP_MB = 16;

/** Controls one solver thread, which runs one task at a time. Only a running task keeps the process alive. */
export class SolverThreadHandle {
  /** Number of tasks that have finished. */
  finishedTasks = 0;
  /** Size of the memory of the thread's solver. */
  memoryBytes = 0;
  /** Whether the thread can run more tasks. */
  isUsable = true;
  private readonly worker: Worker;
  private running: Running | undefined;

  /**
   * @param entry path of the compiled module that the thread runs
   * @param maxHeapMb the thread, and not the process, is ended if it needs more
   */
  constructor(entry: string, maxHeapMb: number) {
    this.worker = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    });
    this.worker.unref();
    this.worker.on('message', (result: TaskResult) => this.finishTask(result));
    this.worker.on('error', (error) => this.end(crashed(error.message)));
    this.worker.on('messageerror', (error) => this.end(crashed(error.message)));
    this.worker.on('exit', (code) => this.end(crashed(`it exited with code ${code}`)));
  }

  /**
   * Runs a task.
   *
   * @param limitMs time after which the thread is ended
   * @throws DomainError SOLVER_STUCK, SOLVER_CRASHED, SOLVER_FAILED, or the error of the calculation
   */
  run(task: Task, limitMs: number): Promise<unknown> {
    this.worker.ref();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(stuck(limitMs)), limitMs);
      this.running = { resolve, reject, timer };
      this.worker.postMessage(task);
    });
  }

  /** Ends the thread; a running task fails. */
  async terminate(): Promise<void> {
    this.end(stopped());
    await this.worker.terminate();
  }

  private finishTask(result: TaskResult): void {
    const running = this.stopRunning();
    this.finishedTasks++;
    if ('output' in result) {
      this.memoryBytes = result.memoryBytes;
      running?.resolve(result.output);
      return;
    }
    const error = toError(result.failure);
    // After an unexpected error, the memory of the solver may be corrupt.
    if (result.failure.code === undefined) this.end(error);
    running?.reject(error);
  }

  private end(reason: Error): void {
    this.isUsable = false;
    this.stopRunning()?.reject(reason);
    void this.worker.terminate();
  }

  private stopRunning(): Running | undefined {
    const { running } = this;
    this.running = undefined;
    clearTimeout(running?.timer);
    this.worker.unref();
    return running;
  }
}

export const stopped = (): DomainError =>
  new DomainError('SOLVER_STOPPED', 'The process was stopped before the calculation finished.');

const stuck = (limitMs: number): DomainError =>
  new DomainError('SOLVER_STUCK', `The solver did not finish within ${limitMs / 1000} s and was stopped.`);

const crashed = (reason: string): DomainError =>
  new DomainError('SOLVER_CRASHED', `The solver thread crashed: ${reason}.`);

function toError({ message, stack, code, field }: TaskFailure): Error {
  const error =
    code === undefined
      ? new DomainError('SOLVER_FAILED', `The calculation failed: ${message}`)
      : new DomainError(code, message, field);
  error.stack = stack;
  return error;
}
