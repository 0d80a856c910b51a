import type { StepLimits } from '../problem/step-limits';
import { powerForStockChange, type StockDevice } from '../problem/stock';
import { idleStock, type StockProblem } from '../stock/stock-problem';

/**
 * The power schedule that makes the stock follow a path.
 *
 * Reading the power from the change of the stock, and not from charging and discharging separately, gives one direction
 * per step whatever the linear program did, and a stock that is exactly the one its bounds were checked for.
 *
 * @param stock stock units above the stock at start, after k steps; length steps + 1
 * @returns MW at the meter per step, consumption positive
 */
export function powerOfPath(
  problem: StockDevice,
  limits: StepLimits,
  scaled: StockProblem,
  stock: Float64Array,
): Float64Array {
  // Smaller than this is solver noise, and nothing a device could follow.
  const noise = 1e-11;
  return limits.powerMin.map((powerMin, t) => {
    const change = stock[t + 1]! - idleStock(scaled, t, stock[t]!);
    if (Math.abs(change) < noise && powerMin <= 0 && limits.powerMax[t]! >= 0) return 0;
    const power = powerForStockChange(problem, t, change * scaled.stockUnitMwh);
    return Math.min(Math.max(power, powerMin), limits.powerMax[t]!);
  });
}

/** Rounds to 6 decimals (1 W for MW), never giving -0. */
export function roundPower(powerMw: Float64Array): Float64Array {
  return powerMw.map((power) => Math.round(power * 1e6) / 1e6 + 0);
}
