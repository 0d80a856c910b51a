import type { StepCost } from './bellman-step';
import { ConvexFunction } from './convex-function';
import { convexHull } from './convex-hull';
import { idleStock, type StockProblem } from './stock-problem';

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
 * Backward recursion (Bellman, 1957) over a value function that is convex and piecewise linear, so that a step only
 * sorts the pieces of its cost into those of the value function by their slopes (infimal convolution of convex
 * functions: Rockafellar, Convex Analysis, 1970, section 16), and the bounds of the stock cut off both ends. On the way
 * forward the steps are taken back one by one, so that each value function is there when it is asked. Time and memory
 * grow linearly with the number of steps.
 *
 * @param mostPieces of a value function; a store that takes weeks to fill has many
 * @returns undefined when there are more
 */
export function convexPath(problem: StockProblem, mostPieces: number): ConvexPath | undefined {
  const { steps, stockMin, stockMax, inflow, retention } = problem;
  const costs = Array.from({ length: steps }, (_, t) => stepHull(problem, t));
  const value = new ConvexFunction(stockMin[steps]!, stockMax[steps]!, steps);
  for (let t = steps - 1; t >= 0; t--) {
    const from = idleStock(problem, t, stockMin[t]!);
    const to = idleStock(problem, t, stockMax[t]!);
    value.step(costs[t]!, from, to, retention[t]!, inflow[t]!);
    if (value.pieces > mostPieces) return undefined;
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
 * The change of the stock that is cheapest in a step and from there on. Of equally cheap ones, idleness where the hull
 * has a knot there; else the one that moves least among those where hull or value bend.
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
    // What is left of the piece, up to the knots in it.
    while (position < highest) {
      while (knot + 1 < last && change[knot + 1]! <= position) knot++;
      const sum = slope + (cost[knot + 1]! - cost[knot]!) / (change[knot + 1]! - change[knot]!);
      if (sum > flat) return false;
      if (sum >= -flat && Number.isNaN(first)) first = position;
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
