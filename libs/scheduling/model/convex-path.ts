import { ConvexMerge, type ConvexFunction, singlePiece } from './convex-function';
import type { StepCost } from './bellman-step';
import { convexHull } from './convex-hull';
import { stockBeforePower, type StockProblem } from './stock-problem';

export interface ConvexPath {
  /** Stock units above the stock at start, after k steps; length steps + 1. */
  stock: Float64Array;
  /** Money units; no path costs less, whatever its steps cost in truth. */
  lowerBound: number;
}

/** Sum of slopes (money per stock unit; the largest are of order 1) that counts as none. */
const flat = 1e-13;

/**
 * The cheapest path of the stock when each step costs no more than the convex hull of its true cost. Where no step
 * overlaps to its advantage, the hull is the true cost on the path, and the path is optimal.
 *
 * Backward recursion (Bellman, 1957) over value functions that are convex and piecewise linear, so that a step only
 * merges the pieces of its cost into those of the value function by their slopes (infimal convolution of convex
 * functions: Rockafellar, Convex Analysis, 1970, section 16), and the bounds of the stock cut off both ends. The time
 * grows linearly with the number of steps: pieces beyond what the store holds are cut off.
 *
 * @param mostPieces of all value functions together; a store that takes weeks to fill has many
 * @returns undefined when there are more
 */
export function convexPath(problem: StockProblem, mostPieces: number): ConvexPath | undefined {
  const values = valueFunctions(problem, mostPieces);
  if (!values) return undefined;
  const stock = new Float64Array(problem.steps + 1);
  for (let t = 0; t < problem.steps; t++) {
    const before = stockBeforePower(problem, t, stock[t]!);
    stock[t + 1] = before + bestChange(before, stepHull(problem, t), values[t + 1]!);
  }
  return { stock, lowerBound: values[0]!.valueAtStart };
}

/** V[k] for k = 0..steps. */
function valueFunctions(problem: StockProblem, mostPieces: number): ConvexFunction[] | undefined {
  const { steps, stockMin, stockMax, inflow, retention } = problem;
  const values = new Array<ConvexFunction>(steps + 1);
  const merge = new ConvexMerge();
  let pieces = 0;
  let next = singlePiece(stockMin[steps]!, stockMax[steps]!);
  values[steps] = next;
  for (let t = steps - 1; t >= 0; t--) {
    const from = stockBeforePower(problem, t, stockMin[t]!);
    const to = stockBeforePower(problem, t, stockMax[t]!);
    next = merge.run(next, stepHull(problem, t), from, to);
    // The recursion decides when losses and inflow of the step have been counted; back to the stock before them.
    if (retention[t] !== 1 || inflow[t] !== 0) {
      next.at.forEach((at, i) => (next.at[i] = (at - inflow[t]!) / retention[t]!));
      next.slope.forEach((slope, i) => (next.slope[i] = slope * retention[t]!));
    }
    values[t] = next;
    pieces += next.slope.length;
    if (pieces > mostPieces) return undefined;
  }
  return values;
}

function stepHull({ knotStarts, knotChange, knotCost }: StockProblem, t: number): StepCost {
  const [from, to] = [knotStarts[t]!, knotStarts[t + 1]!];
  return convexHull({ change: knotChange.subarray(from, to), cost: knotCost.subarray(from, to) });
}

/**
 * The change of the stock that is cheapest in a step and from there on. Of equally cheap ones, idleness where the hull
 * has a knot there; else the one that moves least among those where hull or value bend.
 */
function bestChange(stock: number, { change, cost }: StepCost, { at, slope }: ConvexFunction): number {
  const lowest = Math.max(change[0]!, at[0]! - stock);
  const highest = Math.min(change[change.length - 1]!, at[at.length - 1]! - stock);
  if (!(lowest < highest)) return Math.max(change[0]!, Math.min(lowest, change[change.length - 1]!));
  let piece = pieceAt(at, stock + lowest);
  let knot = 0;
  let position = lowest;
  let first = NaN;
  while (position < highest) {
    while (piece + 1 < slope.length && at[piece + 1]! - stock <= position) piece++;
    while (knot + 2 < change.length && change[knot + 1]! <= position) knot++;
    const own = (cost[knot + 1]! - cost[knot]!) / (change[knot + 1]! - change[knot]!);
    const sum = own + (slope[piece] ?? 0);
    if (sum > flat) break;
    if (sum >= -flat && Number.isNaN(first)) first = position;
    position = Math.min(change[knot + 1]!, at[piece + 1]! - stock, highest);
  }
  if (Number.isNaN(first)) return position;
  if (first <= 0 && position >= 0 && change.includes(0)) return 0;
  return Math.abs(first) < Math.abs(position) ? first : position;
}

/** Index of the piece that starts at or below x, at least 0. */
function pieceAt(at: Float64Array, x: number): number {
  let low = 0;
  let high = Math.max(0, at.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
