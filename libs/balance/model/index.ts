export {
  addFlows,
  coarsen,
  FLOWS,
  toFlows,
  type Flow,
  type Flows,
  type PartKind,
  type PartPower,
} from './flows';
export { addTotals, sumFlows, type Prices, type Totals } from './totals';
