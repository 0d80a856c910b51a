import type { StepCost } from './bellman-step';
import { ConvexFunction } from './convex-function';
import { convexHull } from './convex-hull';
import { idleStock, type StockProblem } from './stock-problem';

export interface ConvexPath {
  /** Stock units above the stock at start, after k steps; length steps + 1. */
  stock: Float64Array;
  /** Money units; no path costs less. */
  lowerBound: number;
}

/** Money units per stock unit; smaller slopes count as 0. The largest slopes are of order 1. */
const slopeTolerance = 1e-13;

/**
 * Finds the cheapest path of the stock if each step costs the convex hull of its true cost. If no step gains from two
 * opposite directions at once, the hull is the true cost along the path, and the path is optimal.
 *
 * Backward recursion (Bellman, 1957) over a convex piecewise linear value function. A step only sorts the pieces of its
 * cost into those of the value function by slope (infimal convolution of convex functions: Rockafellar, Convex Analysis,
 * 1970, section 16), and the bounds of the stock cut off both ends. On the way forward, the steps are undone one by one,
 * which restores each value function when it is needed. Memory grows linearly with the number of steps.
 *
 * @param maxPieces largest number of pieces of a value function; a storage that takes weeks to fill has many
 * @returns undefined if there are more
 */
export function convexPath(problem: StockProblem, maxPieces: number): ConvexPath | undefined {
  const { steps, stockMin, stockMax, inflow, retention } = problem;
  const costs = Array.from({ length: steps }, (_, t) => stepHull(problem, t));
  const value = new ConvexFunction(stockMin[steps]!, stockMax[steps]!, steps);
  for (let t = steps - 1; t >= 0; t--) {
    const from = idleStock(problem, t, stockMin[t]!);
    const to = idleStock(problem, t, stockMax[t]!);
    value.step(costs[t]!, from, to, retention[t]!, inflow[t]!);
    if (value.pieces > maxPieces) return undefined;
  }
  const stock = new Float64Array(steps + 1);
  const lowerBound = value.valueAtStart;
  for (let t = 0; t < steps; t++) {
    value.undo(costs[t]!);
    const before = idleStock(problem, t, stock[t]!);
    stock[t + 1] = before + bestChange(before, costs[t]!, value);
  }
  return { stock, lowerBound };
}

function stepHull({ knotStarts, knotChange, knotCost }: StockProblem, t: number): StepCost {
  const [from, to] = [knotStarts[t]!, knotStarts[t + 1]!];
  return convexHull({ change: knotChange.subarray(from, to), cost: knotCost.subarray(from, to) });
}

/**
 * The change of the stock with the lowest cost of this and all later steps. Among equally cheap changes, none at all if
 * the hull has a knot there; else the smallest one at a breakpoint of the hull or of the value function.
 */
function bestChange(stock: number, { change, cost }: StepCost, value: ConvexFunction): number {
  const last = change.length - 1;
  const lowest = Math.max(change[0]!, value.start - stock);
  const highest = Math.min(change[last]!, value.stop - stock);
  if (!(lowest < highest)) return Math.max(change[0]!, Math.min(lowest, change[last]!));
  let knot = 0;
  let position = lowest;
  let first = NaN;
  value.scan(stock + lowest, (pieceEnd, slope) => {
    // The rest of the piece, knot by knot.
    while (position < highest) {
      while (knot + 1 < last && change[knot + 1]! <= position) knot++;
      const sum = slope + (cost[knot + 1]! - cost[knot]!) / (change[knot + 1]! - change[knot]!);
      if (sum > slopeTolerance) return false;
      if (sum >= -slopeTolerance && Number.isNaN(first)) first = position;
      const isPieceOver = pieceEnd - stock <= change[knot + 1]!;
      position = Math.min(isPieceOver ? pieceEnd - stock : change[knot + 1]!, highest);
      if (isPieceOver) return position < highest;
    }
    return false;
  });
  if (Number.isNaN(first)) return position;
  if (first <= 0 && position >= 0 && change.includes(0)) return 0;
  return Math.abs(first) < Math.abs(position) ? first : position;
}
