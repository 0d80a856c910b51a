export * from './model';
export { HighsSolver } from './highs';
