export * from './model';
export { HighsSolver } from './highs';
export { InlineCalculator } from './inline-calculator';
export { SolverPool, type SolverPoolOptions } from './threads/solver-pool';
export { SolverThreadsModule } from './threads/solver-threads.module';
