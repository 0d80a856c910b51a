/** The first instant up to which the constraints cannot all be met. */
export interface Infeasibility {
  /** Number of steps after the start. */
  step: number;
  kind:
    /** The step before that instant allows no power at all: the site exceeds its capacity whatever the storage does. */
    | 'power'
    /** Two targets differ, or a lower bound lies above an upper bound. */
    | 'contradiction'
    /** The stock is below its lower bound even at full charging power. */
    | 'too-low'
    /** The stock is above its upper bound even at full discharging power. */
    | 'too-high';
  /** The bound or target that is not met at that instant; NaN for `power`. */
  wanted: number;
  /** The possible stock that is closest to it. */
  nearest: number;
}

/** How the stock changes in each step without power: to `retention * stock + inflow`; length steps. */
export interface StockDrift {
  /** > 0 and <= 1. */
  retention: Float64Array;
  inflow: Float64Array;
}

/**
 * Distance in MWh from a bound of the stock that still counts as meeting it: rounding errors of what the stock changes by
 * in a step, and of the bounds themselves.
 *
 * @param changeMwh largest change of the stock in a step
 * @param socMwh largest bound of the stock
 */
export const stockTolerance = (changeMwh: number, socMwh: number): number =>
  1e-9 * (changeMwh || 1) + 1e-9 * socMwh;

/** Lowest and highest stock after k steps; length steps + 1. */
export interface StockRanges {
  min: Float64Array;
  max: Float64Array;
}

/**
 * Narrows the bounds of the stock to the stocks that can be reached from the start and that allow to meet all later
 * bounds.
 *
 * This decides feasibility: the stock is one number, so the stocks that can be reached after k steps form an interval.
 * A schedule that meets all constraints exists exactly if no such interval is empty.
 *
 * All numbers are in the same unit of stock.
 *
 * @param changeMin lowest change of the stock in each step; length steps
 * @param changeMax highest change of the stock in each step; below changeMin if the power limits contradict each other
 * @param drift how the stock changes without power
 * @param bounds allowed stock after k steps; length steps + 1
 * @param tolerance distance from a bound that still counts as meeting it
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
  const idle = (t: number, stock: number) => retention[t]! * stock + inflow[t]!;
  for (let k = 0; k < min.length; k++) {
    const reachMin = k === 0 ? min[0]! : idle(k - 1, min[k - 1]!) + changeMin[k - 1]!;
    const reachMax = k === 0 ? max[0]! : idle(k - 1, max[k - 1]!) + changeMax[k - 1]!;
    if (k > 0 && changeMin[k - 1]! > changeMax[k - 1]! + tolerance) {
      return { step: k, kind: 'power', wanted: NaN, nearest: NaN };
    }
    const conflict = findConflict(k, reachMin, reachMax, min[k]!, max[k]!, tolerance);
    if (conflict) return conflict;
    // A bound that is missed by less than the tolerance is moved, so that no range is empty.
    min[k] = clamp(min[k]!, reachMin, reachMax);
    max[k] = clamp(max[k]!, min[k]!, reachMax);
  }
  for (let k = min.length - 2; k >= 0; k--) {
    min[k] = clamp((min[k + 1]! - changeMax[k]! - inflow[k]!) / retention[k]!, min[k]!, max[k]!);
    max[k] = clamp((max[k + 1]! - changeMin[k]! - inflow[k]!) / retention[k]!, min[k]!, max[k]!);
  }
  return { min, max };
}

export const isInfeasible = (result: object): result is Infeasibility => 'kind' in result;

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
