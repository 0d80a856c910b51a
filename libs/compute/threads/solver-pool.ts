import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type LinearProgram,
  ProgramBuilder,
  type Solution,
  type SolveOptions,
  type Solver,
} from '#lib/solver/model';
import type { Calculation, Calculator } from '../model';
import type { Task } from './messages';
import { SOLVE } from './solve';
import { SolverThreadHandle, stopped } from './solver-thread-handle';

export interface SolverPoolOptions {
  /** Largest number of threads (default: what the processor can run in parallel). */
  threads?: number;
  /** Time after which a calculation fails and its thread is ended (default 2 min). Calculations have shorter limits. */
  hardLimitMs?: number;
  /** Number of calculations after which a thread is replaced (default 10,000). */
  maxCalculations?: number;
  /** A thread is replaced if the memory of its solver exceeds this (default 256 MiB). */
  maxMemoryBytes?: number;
  /** A calculation fails if its own objects need more memory (default 2 GiB). Schedules of a year need far less. */
  maxHeapMb?: number;
  /** Path of the compiled module that threads run; needed if this module itself is not compiled. */
  entry?: string;
}

interface WaitingTask {
  task: Task;
  resolve: (output: unknown) => void;
  reject: (reason: unknown) => void;
}

/**
 * Runs calculations in threads, each with its own solver, so that the process can respond meanwhile. Threads start on
 * demand and are kept. If a calculation crashes or gets stuck, only that calculation fails, and its thread is replaced.
 */
export class SolverPool implements Calculator, Solver {
  private readonly threads = new Set<SolverThreadHandle>();
  private readonly idle: SolverThreadHandle[] = [];
  private readonly waiting: WaitingTask[] = [];
  /** Number and time of the calculations that have ended, by their name. */
  readonly totals = new Map<string, { count: number; seconds: number }>();
  private isClosed = false;
  private readonly options: Required<SolverPoolOptions>;

  constructor(options: SolverPoolOptions = {}) {
    this.options = {
      threads: availableParallelism(),
      hardLimitMs: 120_000,
      maxCalculations: 10_000,
      maxMemoryBytes: 256 * 2 ** 20,
      maxHeapMb: 2048,
      entry: join(__dirname, 'solver-thread.js'),
      ...options,
    };
  }

  /** Number of calculations that can run at the same time. */
  get size(): number {
    return this.options.threads;
  }

  /**
   * Runs a calculation in the next free thread. Its input is copied, its output transferred.
   *
   * @throws DomainError SOLVER_STUCK, SOLVER_CRASHED, SOLVER_FAILED, SOLVER_STOPPED, or the error of the calculation
   */
  run<Input, Output>({ module, name }: Calculation<Input, Output>, input: Input): Promise<Output> {
    if (this.isClosed) return Promise.reject(stopped());
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.push({ task: { module, name, input }, resolve, reject });
      this.startTasks();
    }) as Promise<Output>;
  }

  solve(program: LinearProgram, options: SolveOptions = {}): Promise<Solution> {
    return this.run(SOLVE, { program, options });
  }

  /** Starts all threads and their solvers. */
  async warmUp(): Promise<void> {
    const builder = new ProgramBuilder();
    builder.addColumn(1, 0, 1);
    const program = builder.build();
    await Promise.all(Array.from({ length: this.size }, () => this.solve(program)));
  }

  /** Ends all threads; running and waiting calculations fail. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of this.waiting.splice(0)) reject(stopped());
    await Promise.all([...this.threads].map((thread) => thread.terminate()));
  }

  private startTasks(): void {
    while (this.waiting.length > 0) {
      const thread = this.freeThread();
      if (thread === undefined) return;
      void this.runTask(thread, this.waiting.shift()!);
    }
  }

  private async runTask(thread: SolverThreadHandle, { task, resolve, reject }: WaitingTask): Promise<void> {
    const startedAt = process.hrtime.bigint();
    try {
      resolve(await thread.run(task, this.options.hardLimitMs));
    } catch (error) {
      reject(error);
    }
    this.addToTotals(task.name, Number(process.hrtime.bigint() - startedAt) / 1e9);
    if (this.needsReplacement(thread)) {
      this.threads.delete(thread);
      void thread.terminate();
    } else {
      this.idle.push(thread);
    }
    this.startTasks();
  }

  private addToTotals(name: string, seconds: number): void {
    const before = this.totals.get(name) ?? { count: 0, seconds: 0 };
    this.totals.set(name, { count: before.count + 1, seconds: before.seconds + seconds });
  }

  private freeThread(): SolverThreadHandle | undefined {
    for (let thread = this.idle.pop(); thread; thread = this.idle.pop()) {
      if (thread.isUsable) return thread;
      this.threads.delete(thread);
    }
    return this.threads.size < this.size ? this.start() : undefined;
  }

  private start(): SolverThreadHandle {
    const thread = new SolverThreadHandle(this.options.entry, this.options.maxHeapMb);
    this.threads.add(thread);
    return thread;
  }

  private needsReplacement({ isUsable, finishedTasks, memoryBytes }: SolverThreadHandle): boolean {
    const { maxCalculations, maxMemoryBytes } = this.options;
    return !isUsable || finishedTasks >= maxCalculations || memoryBytes > maxMemoryBytes;
  }
}
