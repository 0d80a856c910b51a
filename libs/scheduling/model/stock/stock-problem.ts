import { energyCost } from '../problem/energy-cost';
import {
  type Infeasibility,
  isInfeasible,
  reachableStock,
  type StockDrift,
  stockTolerance,
} from '../problem/reachable-stock';
import type { StepLimits } from '../problem/step-limits';
import { idleInflow, retention, stockChange } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';
import { tieCost } from '../problem/tie-breaks';

/**
 * The storage problem reduced to its only state, the stock: choose the change of the stock in each step.
 *
 * The cost of a step is a piecewise linear function of that change, continuous but not always convex. It has kinks where
 * the storage changes from discharging to charging (efficiency) and where the site changes from producing to consuming
 * (two prices). All numbers are scaled: stocks by the largest possible change in a step, money by the largest possible
 * cost of a step, so that solver tolerances mean the same for a home battery and for a power plant.
 */
export interface StockProblem {
  steps: number;
  /** The knots of step t have the indices knotStarts[t] <= j < knotStarts[t + 1]; at least one; length steps + 1. */
  knotStarts: Int32Array;
  /** Stock units, ascending within a step; the first and last are the lowest and highest change allowed. */
  knotChange: Float64Array;
  /** Money units; cost of the change, compared with an idle storage. */
  knotCost: Float64Array;
  /** Share of the stock (above the stock at start) that remains after each step. */
  retention: Float64Array;
  /** Stock units that are added in each step without power; see idleStock. */
  inflow: Float64Array;
  /** Stock units above the stock at start, after k steps, narrowed to the reachable range; length steps + 1. */
  stockMin: Float64Array;
  stockMax: Float64Array;
  /** MWh per stock unit. */
  stockUnitMwh: number;
  /** Currency per money unit. */
  moneyUnit: number;
}

/** Stock at the end of step t without power, from `stock` at its start; both in stock units above the stock at start. */
export const idleStock = ({ retention, inflow }: StockProblem, t: number, stock: number): number =>
  retention[t]! * stock + inflow[t]!;

/**
 * Reduces and scales a storage problem.
 *
 * @param limits of the same problem
 * @returns the reduced problem, or (in MWh) why no schedule meets all constraints
 */
export function toStockProblem(problem: StorageProblem, limits: StepLimits): StockProblem | Infeasibility {
  const toChange = (powerMw: number, t: number) => stockChange(problem, t, powerMw);
  const changeMin = limits.powerMin.map(toChange);
  const changeMax = limits.powerMax.map(toChange);
  const stockUnitMwh = largest(changeMin, changeMax) || 1;
  const drift = stockDrift(problem, stockUnitMwh);
  const ranges = reachableStock(
    scale(changeMin, stockUnitMwh),
    scale(changeMax, stockUnitMwh),
    drift,
    { min: toStock(limits.socMin), max: toStock(limits.socMax) },
    stockTolerance(stockUnitMwh, largest(limits.socMin, limits.socMax)) / stockUnitMwh,
  );
  if (isInfeasible(ranges)) {
    return { ...ranges, wanted: toSoc(ranges.wanted), nearest: toSoc(ranges.nearest) };
  }
  const { knotStarts, knotChange, knotCost } = collectKnots(problem, limits, toChange);
  const moneyUnit = largest(knotCost) || 1;
  return {
    steps: problem.steps,
    knotStarts,
    knotChange: scale(knotChange, stockUnitMwh),
    knotCost: scale(knotCost, moneyUnit),
    ...drift,
    stockMin: ranges.min,
    stockMax: ranges.max,
    stockUnitMwh,
    moneyUnit,
  };

  function toStock(socMwh: Float64Array) {
    return socMwh.map((soc) => (soc - problem.socAtStartMwh) / stockUnitMwh);
  }
  function toSoc(stock: number) {
    return stock * stockUnitMwh + problem.socAtStartMwh;
  }
}

const scale = (values: Float64Array, unit: number) => values.map((value) => value / unit);

/** How the stock changes without power, in stock units above the stock at start. */
function stockDrift(problem: StorageProblem, stockUnitMwh: number): StockDrift {
  const kept = new Float64Array(problem.steps);
  const inflow = new Float64Array(problem.steps);
  for (let t = 0; t < problem.steps; t++) {
    kept[t] = retention(problem, t);
    inflow[t] = (idleInflow(problem, t) - (1 - kept[t]!) * problem.socAtStartMwh) / stockUnitMwh;
  }
  return { retention: kept, inflow };
}

function collectKnots(
  problem: StorageProblem,
  limits: StepLimits,
  toChange: (powerMw: number, t: number) => number,
) {
  const { steps, stepHours, consumptionPrices, productionPrices, inflexiblePowerMw, ties } = problem;
  const knotStarts = new Int32Array(steps + 1);
  const knotChange = new Float64Array(4 * steps);
  const knotCost = new Float64Array(4 * steps);
  let count = 0;
  for (let t = 0; t < steps; t++) {
    const inflexible = inflexiblePowerMw?.[t] ?? 0;
    const costAt = (net: number) => energyCost(net, consumptionPrices[t]!, productionPrices[t]!, stepHours);
    const kinks = consumptionPrices[t] === productionPrices[t] ? [0] : [0, -inflexible];
    for (const powerMw of knotPowers(limits.powerMin[t]!, limits.powerMax[t]!, kinks)) {
      knotChange[count] = toChange(powerMw, t);
      const tie = ties ? tieCost(ties, powerMw, stepHours, knotChange[count]!) : 0;
      knotCost[count] = costAt(inflexible + powerMw) - costAt(inflexible) + tie;
      count++;
    }
    knotStarts[t + 1] = count;
  }
  return { knotStarts, knotChange: knotChange.slice(0, count), knotCost: knotCost.slice(0, count) };
}

/** The ends of the interval and the kinks inside it, ascending. Kinks very close to another knot are dropped. */
function knotPowers(powerMin: number, powerMax: number, kinks: readonly number[]): number[] {
  // An interval as narrow as a rounding error is one power: both ends give the same change of the stock.
  const isWide = powerMax - powerMin > 1e-12 * Math.max(Math.abs(powerMin), Math.abs(powerMax));
  const knots = isWide ? [powerMin, powerMax] : [powerMin];
  const margin = 1e-10 * (powerMax - powerMin);
  for (const kink of kinks) {
    const isInside = kink > powerMin && kink < powerMax;
    if (isInside && knots.every((knot) => Math.abs(kink - knot) > margin)) knots.push(kink);
  }
  return knots.sort((a, b) => a - b);
}

function largest(...series: Float64Array[]): number {
  let result = 0;
  for (const values of series) {
    for (const value of values) result = Math.max(result, Math.abs(value));
  }
  return result;
}
