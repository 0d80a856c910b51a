export * from './model';
export { HighsSolver, solverMemoryBytes } from './highs';
