export type { LabelList, Labels } from './labels';
export type { LinearProgram } from './linear-program';
export { ProgramBuilder } from './program-builder';
export { type Basis, BasisStatus } from './basis';
export type { Solution, SolutionStatus, SolveOptions, Solver } from './solver';
