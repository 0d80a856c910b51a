/** The first instant at which the constraints up to then cannot all be met. */
export interface Infeasibility {
  /** Number of steps after the start. */
  step: number;
  kind:
    | 'power'
    | 'contradiction'
    /** The stock stays below what is wanted even at full power. */
    | 'too-low'
    /** The stock stays above what is wanted even at full power. */
    | 'too-high';
  /** MWh wanted at that instant: the bound or target that is missed. */
  wantedMwh: number;
  /** MWh nearest to it that can be reached by then. */
  nearestMwh: number;
}

export interface StockRanges {
  /** MWh; length steps + 1. */
  min: Float64Array;
  max: Float64Array;
}

/**
 * Narrows the bounds of the stock to what can both be reached from the start and be continued to the end.
 *
 * In one dimension this decides feasibility: the stocks reachable after k steps form an interval, and a schedule that
 * keeps all constraints exists exactly when that interval never becomes empty.
 *
 * @param changeMin MWh, lowest change of the stock in each step; length steps
 * @param changeMax MWh, highest change of the stock in each step; above changeMin unless the power limits exclude
 *   each other
 * @param bounds MWh, allowed stock after k steps; length steps + 1
 * @param toleranceMwh by how much a bound may be missed and still count as met exactly
 * @returns the narrowed ranges, or where and why there are none
 */
export function reachableStock(
  changeMin: Float64Array,
  changeMax: Float64Array,
  bounds: StockRanges,
  toleranceMwh: number,
): StockRanges | Infeasibility {
  const min = bounds.min.slice();
  const max = bounds.max.slice();
  for (let k = 0; k < min.length; k++) {
    const reachMin = k === 0 ? min[0]! : min[k - 1]! + changeMin[k - 1]!;
    const reachMax = k === 0 ? max[0]! : max[k - 1]! + changeMax[k - 1]!;
    const problem = findConflict(k, reachMin, reachMax, min[k]!, max[k]!, toleranceMwh);
    if (problem) return problem;
    narrow(min, max, k, reachMin, reachMax);
  }
  for (let k = min.length - 2; k >= 0; k--) {
    narrow(min, max, k, min[k + 1]! - changeMax[k]!, max[k + 1]! - changeMin[k]!);
  }
  return { min, max };
}

export const isInfeasible = (result: StockRanges | Infeasibility): result is Infeasibility => 'kind' in result;

function findConflict(
  step: number,
  reachMin: number,
  reachMax: number,
  wantedMin: number,
  wantedMax: number,
  tolerance: number,
): Infeasibility | undefined {
  if (wantedMin > wantedMax + tolerance) {
    return { step, kind: 'contradiction', wantedMwh: wantedMin, nearestMwh: wantedMax };
  }
  if (reachMin > reachMax + tolerance) {
    return { step, kind: 'power', wantedMwh: NaN, nearestMwh: NaN };
  }
  if (reachMax < wantedMin - tolerance) {
    return { step, kind: 'too-low', wantedMwh: wantedMin, nearestMwh: reachMax };
  }
  if (reachMin > wantedMax + tolerance) {
    return { step, kind: 'too-high', wantedMwh: wantedMax, nearestMwh: reachMin };
  }
  return undefined;
}

/** Intersects the range of step k with another; ranges that miss each other by a rounding error meet in one point. */
function narrow(min: Float64Array, max: Float64Array, k: number, otherMin: number, otherMax: number): void {
  const lower = Math.max(min[k]!, otherMin);
  const upper = Math.min(max[k]!, otherMax);
  const missed = lower > upper;
  min[k] = missed ? (lower + upper) / 2 : lower;
  max[k] = missed ? (lower + upper) / 2 : upper;
}
