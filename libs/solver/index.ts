export * from './model';
export { HighsSolver } from './highs';
export { InlineCalculator } from '../compute/inline-calculator';
export { SolverPool, type SolverPoolOptions } from '../compute/threads/solver-pool';
export { SolverThreadsModule } from '../compute/threads/solver-threads.module';
