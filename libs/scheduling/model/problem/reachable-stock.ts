/** The first instant at which the constraints up to then cannot all be met. */
export interface Infeasibility {
  /** Number of steps after the start. */
  step: number;
  kind:
    /** In the step before that instant no power is allowed: the site's capacity cannot be kept. */
    | 'power'
    /** Two targets, or a lower and an upper bound, contradict each other. */
    | 'contradiction'
    /** The stock stays below what is wanted even at full power. */
    | 'too-low'
    /** The stock stays above what is wanted even at full power. */
    | 'too-high';
  /** The bound or target that is missed at that instant; NaN where the conflict is about power. */
  wanted: number;
  /** What can be reached nearest to it by then. */
  nearest: number;
}

/** What becomes of the stock in each step without power: `retention * stock + inflow`; length steps. */
export interface StockDrift {
  /** > 0 and <= 1. */
  retention: Float64Array;
  inflow: Float64Array;
}

/** Lowest and highest stock after k steps; length steps + 1. */
export interface StockRanges {
  min: Float64Array;
  max: Float64Array;
}

/**
 * Narrows the bounds of the stock to what can both be reached from the start and be continued to the end.
 *
 * In one dimension this decides feasibility: the stocks reachable after k steps form an interval, and a schedule that
 * keeps all constraints exists exactly when that interval never becomes empty.
 *
 * All numbers are in the same unit of stock.
 *
 * @param changeMin lowest change of the stock in each step; length steps
 * @param changeMax highest change of the stock in each step; below changeMin where the power limits exclude each other
 * @param drift what becomes of the stock without power
 * @param bounds allowed stock after k steps; length steps + 1
 * @param tolerance by how much a bound may be missed and still count as met exactly
 * @returns the narrowed ranges, or where and why there are none
 */
export function reachableStock(
  changeMin: Float64Array,
  changeMax: Float64Array,
  { retention, inflow }: StockDrift,
  bounds: StockRanges,
  tolerance: number,
): StockRanges | Infeasibility {
  const min = bounds.min.slice();
  const max = bounds.max.slice();
  const after = (k: number, stock: number) => retention[k]! * stock + inflow[k]!;
  for (let k = 0; k < min.length; k++) {
    const reachMin = k === 0 ? min[0]! : after(k - 1, min[k - 1]!) + changeMin[k - 1]!;
    const reachMax = k === 0 ? max[0]! : after(k - 1, max[k - 1]!) + changeMax[k - 1]!;
    if (k > 0 && changeMin[k - 1]! > changeMax[k - 1]! + tolerance) {
      return { step: k, kind: 'power', wanted: NaN, nearest: NaN };
    }
    const conflict = findConflict(k, reachMin, reachMax, min[k]!, max[k]!, tolerance);
    if (conflict) return conflict;
    // A bound missed by no more than the tolerance gives way, so that every range stays reachable.
    min[k] = clamp(min[k]!, reachMin, reachMax);
    max[k] = clamp(max[k]!, min[k]!, reachMax);
  }
  for (let k = min.length - 2; k >= 0; k--) {
    min[k] = clamp((min[k + 1]! - changeMax[k]! - inflow[k]!) / retention[k]!, min[k]!, max[k]!);
    max[k] = clamp((max[k + 1]! - changeMin[k]! - inflow[k]!) / retention[k]!, min[k]!, max[k]!);
  }
  return { min, max };
}

export const isInfeasible = (result: StockRanges | Infeasibility): result is Infeasibility =>
  'kind' in result;

function findConflict(
  step: number,
  reachMin: number,
  reachMax: number,
  wantedMin: number,
  wantedMax: number,
  tolerance: number,
): Infeasibility | undefined {
  if (wantedMin > wantedMax + tolerance) {
    return { step, kind: 'contradiction', wanted: wantedMin, nearest: wantedMax };
  }
  if (reachMax < wantedMin - tolerance) {
    return { step, kind: 'too-low', wanted: wantedMin, nearest: reachMax };
  }
  if (reachMin > wantedMax + tolerance) {
    return { step, kind: 'too-high', wanted: wantedMax, nearest: reachMin };
  }
  return undefined;
}

const clamp = (value: number, lower: number, upper: number) => Math.max(lower, Math.min(value, upper));
