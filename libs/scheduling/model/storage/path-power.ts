import type { StepLimits } from '../problem/step-limits';
import { powerForStockChange, type StockDevice } from '../problem/stock';
import { idleStock, type StockProblem } from '../stock/stock-problem';

/** Stock units; smaller changes of the stock are solver noise. */
const noise = 1e-11;

/**
 * The power schedule that makes the stock follow a path.
 *
 * The power is derived from the change of the stock, not from separate charging and discharging power. So a step has
 * one direction, whatever the linear program did, and the stock is exactly the one that was checked against its bounds.
 *
 * @param stock stock units above the stock at start, after k steps; length steps + 1
 * @returns MW at the meter per step, consumption positive
 */
export function powerOfPath(
  device: StockDevice,
  limits: StepLimits,
  stockProblem: StockProblem,
  stock: Float64Array,
): Float64Array {
  return limits.powerMin.map((powerMin, t) => {
    const change = stock[t + 1]! - idleStock(stockProblem, t, stock[t]!);
    if (Math.abs(change) < noise && powerMin <= 0 && limits.powerMax[t]! >= 0) return 0;
    const power = powerForStockChange(device, t, change * stockProblem.stockUnitMwh);
    return Math.min(Math.max(power, powerMin), limits.powerMax[t]!);
  });
}
