import type { StepCost } from './bellman-step';

/**
 * The convex hull of a piecewise linear function: the greatest convex function that is nowhere above it (lower half of
 * Andrew's monotone chain, 1979). Knots that lie on the hull are kept.
 */
export function convexHull({ change, cost }: StepCost): StepCost {
  const kept: number[] = [];
  for (let knot = 0; knot < change.length; knot++) {
    while (kept.length >= 2 && isAbove(change, cost, kept[kept.length - 2]!, kept[kept.length - 1]!, knot)) {
      kept.pop();
    }
    kept.push(knot);
  }
  if (kept.length === change.length) return { change, cost };
  return {
    change: Float64Array.from(kept, (knot) => change[knot]!),
    cost: Float64Array.from(kept, (knot) => cost[knot]!),
  };
}

/** Whether the middle knot lies above the straight line between its neighbours. */
function isAbove(x: Float64Array, y: Float64Array, left: number, middle: number, right: number): boolean {
  return (y[middle]! - y[left]!) * (x[right]! - x[left]!) > (y[right]! - y[left]!) * (x[middle]! - x[left]!);
}
