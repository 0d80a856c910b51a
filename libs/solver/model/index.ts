export type { LinearProgram } from './linear-program';
export { ProgramBuilder } from './program-builder';
export type { Solution, SolutionStatus, SolveOptions, Solver } from './solver';
