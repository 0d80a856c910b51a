import { stockChange, stockWhenIdle } from '../../problem/stock';
import type { SharedStock, SiteProblem } from './site-problem';
import { feedersOf, idleStockDevice, stockDeviceOf } from './stock-plan';

/**
 * Simulates a shared stock under a schedule.
 *
 * @param powers MW per step, consumption positive, by device
 * @returns MWh at the start and after each step; length steps + 1
 */
export function simulateSharedStock(
  problem: SiteProblem,
  stock: SharedStock,
  powers: readonly Float64Array[],
): Float64Array {
  const idle = idleStockDevice(problem, stock);
  const feeders = feedersOf(problem, stock.id).map(({ device, index }) => ({
    link: stockDeviceOf(problem, stock, device.stock),
    power: powers[index]!,
  }));
  const soc = new Float64Array(problem.steps + 1);
  soc[0] = stock.socAtStartMwh;
  for (let t = 0; t < problem.steps; t++) {
    soc[t + 1] = stockWhenIdle(idle, t, soc[t]!);
    for (const { link, power } of feeders) soc[t + 1]! += stockChange(link, t, power[t]!);
  }
  return soc;
}
