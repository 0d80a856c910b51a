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
import type { Assignment } from './messages';
import { SOLVE } from './solve';
import { SolverThreadHandle, stopped } from './solver-thread-handle';

export interface SolverPoolOptions {
  /** Most threads at once; as many as the processor carries out at once when not given. */
  threads?: number;
  /** Time after which a calculation is given up and its thread ended; calculations limit themselves well before. */
  hardLimitMs?: number;
  /** Calculations after which a thread is replaced. */
  maxCalculations?: number;
  /** Memory of the solver beyond which a thread is replaced. */
  maxMemoryBytes?: number;
  /** Memory of a calculation's own objects beyond which it is ended; schedules of a year need far less. */
  maxHeapMb?: number;
  /** Compiled module that threads run; to be named where this one is not compiled. */
  entry?: string;
}

interface Waiting {
  assignment: Assignment;
  resolve: (output: unknown) => void;
  reject: (reason: unknown) => void;
}

/**
 * Threads that calculate, each with a solver of its own, so that the process goes on answering meanwhile. They start
 * when they are needed and stay warm. A calculation that crashes or gets stuck fails alone; its thread is replaced.
 */
export class SolverPool implements Calculator, Solver {
  private readonly threads = new Set<SolverThreadHandle>();
  private readonly idle: SolverThreadHandle[] = [];
  private readonly waiting: Waiting[] = [];
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

  /** How many calculations can be carried out at once. */
  get size(): number {
    return this.options.threads;
  }

  /**
   * Carries a calculation out in the next free thread. Its input is copied, its output handed over.
   * @throws DomainError SOLVER_STUCK, SOLVER_CRASHED, SOLVER_FAILED, or the one that the calculation threw
   */
  run<Input, Output>({ module, name }: Calculation<Input, Output>, input: Input): Promise<Output> {
    if (this.isClosed) return Promise.reject(stopped());
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.push({ assignment: { module, name, input }, resolve, reject });
      this.assign();
    }) as Promise<Output>;
  }

  solve(program: LinearProgram, options: SolveOptions = {}): Promise<Solution> {
    return this.run(SOLVE, { program, options });
  }

  /** Starts all threads and their solvers. */
  async warm(): Promise<void> {
    const builder = new ProgramBuilder();
    builder.addColumn(1, 0, 1);
    const program = builder.build();
    await Promise.all(Array.from({ length: this.size }, () => this.solve(program)));
  }

  /** Ends all threads; what they were doing fails. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of this.waiting.splice(0)) reject(stopped());
    await Promise.all([...this.threads].map((thread) => thread.terminate()));
  }

  private assign(): void {
    while (this.waiting.length > 0) {
      const thread = this.freeThread();
      if (thread === undefined) return;
      void this.carryOut(thread, this.waiting.shift()!);
    }
  }

  private async carryOut(
    thread: SolverThreadHandle,
    { assignment, resolve, reject }: Waiting,
  ): Promise<void> {
    try {
      resolve(await thread.run(assignment, this.options.hardLimitMs));
    } catch (error) {
      reject(error);
    }
    if (this.isWorn(thread)) {
      this.threads.delete(thread);
      void thread.terminate();
    } else {
      this.idle.push(thread);
    }
    this.assign();
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

  private isWorn({ isUsable, done, memoryBytes }: SolverThreadHandle): boolean {
    const { maxCalculations, maxMemoryBytes } = this.options;
    return !isUsable || done >= maxCalculations || memoryBytes > maxMemoryBytes;
  }
}
