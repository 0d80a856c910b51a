import { idleStock, type StockProblem } from './stock-problem';

/**
 * Cost of changing the stock by `change` in step t, with power in one direction only.
 *
 * @param change stock units; below the first or above the last knot it counts as that knot
 * @returns money units, compared with an idle storage
 */
export function changeCost(problem: StockProblem, t: number, change: number): number {
  const { knotStarts, knotChange, knotCost } = problem;
  const first = knotStarts[t]!;
  const last = knotStarts[t + 1]! - 1;
  if (change <= knotChange[first]!) return knotCost[first]!;
  for (let knot = first; knot < last; knot++) {
    if (change > knotChange[knot + 1]!) continue;
    const share = (change - knotChange[knot]!) / (knotChange[knot + 1]! - knotChange[knot]!);
    return knotCost[knot]! + share * (knotCost[knot + 1]! - knotCost[knot]!);
  }
  return knotCost[last]!;
}

/**
 * Cost of a path of the stock.
 *
 * @param stock stock units above the stock at start, after k steps; length steps + 1
 * @returns money units, compared with an idle storage
 */
export function pathCost(problem: StockProblem, stock: Float64Array): number {
  let cost = 0;
  for (let t = 0; t < problem.steps; t++) {
    cost += changeCost(problem, t, stock[t + 1]! - idleStock(problem, t, stock[t]!));
  }
  return cost;
}
