export * from './model';
export { InlineCalculator } from './inline-calculator';
export { SolverPool, type SolverPoolOptions } from './threads/solver-pool';
export { SolverThreadsModule } from './threads/solver-threads.module';
