export type { Calculation, Calculator } from './calculation';
