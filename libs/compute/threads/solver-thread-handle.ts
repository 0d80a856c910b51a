import { Worker } from 'node:worker_threads';
import { DomainError } from '#lib/errors';
import type { Answer, Assignment, Failure } from './messages';

interface Running {
  resolve: (output: unknown) => void;
  reject: (reason: Error) => void;
  timer: NodeJS.Timeout;
}

/** Calculations live in a few large arrays; unless told otherwise, a thread keeps three times as much for small ones. */
const YOUNG_HEAP_MB = 16;

/** One thread, seen from outside: does one assignment at a time. It keeps the process alive only while at work. */
export class SolverThreadHandle {
  /** Assignments done so far. */
  done = 0;
  /** What the thread's solver has taken from the system. */
  memoryBytes = 0;
  /** Whether the thread can be given more work. */
  isUsable = true;
  private readonly worker: Worker;
  private running: Running | undefined;

  /** Calculations live in a few large arrays; unless told otherwise, a thread keeps three times as much for small ones. */
  YOUNG_HEAP_MB = 16;

  /**
   * @param entry compiled module that the thread runs
   * @param maxHeapMb beyond it the thread ends instead of the process
   */
  constructor(entry: string, maxHeapMb: number) {
    this.worker = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    });
    this.worker.unref();
    this.worker.on('message', (answer: Answer) => this.take(answer));
    this.worker.on('error', (error) => this.end(crash(error.message)));
    this.worker.on('messageerror', (error) => this.end(crash(error.message)));
    this.worker.on('exit', (code) => this.end(crash(`it ended with code ${code}`)));
  }

  /**
   * @param limitMs time after which the thread is ended, whatever it is doing
   * @throws DomainError SOLVER_STUCK, SOLVER_CRASHED, SOLVER_FAILED, or the one that the calculation threw
   */
  run(assignment: Assignment, limitMs: number): Promise<unknown> {
    this.worker.ref();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(stuck(limitMs)), limitMs);
      this.running = { resolve, reject, timer };
      this.worker.postMessage(assignment);
    });
  }

  /** Ends the thread; what it was doing fails. */
  async terminate(): Promise<void> {
    this.end(stopped());
    await this.worker.terminate();
  }

  private take(answer: Answer): void {
    const running = this.stopRunning();
    this.done++;
    if ('output' in answer) {
      this.memoryBytes = answer.memoryBytes;
      running?.resolve(answer.output);
      return;
    }
    const error = errorOf(answer.failure);
    // After an error that nobody expected, the solver's memory is not to be trusted.
    if (answer.failure.code === undefined) this.end(error);
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
  new DomainError('SOLVER_STOPPED', 'The process was stopped before the calculation came to an end.');

const stuck = (limitMs: number): DomainError =>
  new DomainError('SOLVER_STUCK', `The solver came to no end within ${limitMs / 1000} s and was stopped.`);

const crash = (reason: string): DomainError =>
  new DomainError('SOLVER_CRASHED', `The solver's thread broke down: ${reason}.`);

function errorOf({ message, stack, code, field }: Failure): Error {
  const error =
    code === undefined
      ? new DomainError('SOLVER_FAILED', `The calculation failed: ${message}`)
      : new DomainError(code, message, field);
  error.stack = stack;
  return error;
}
