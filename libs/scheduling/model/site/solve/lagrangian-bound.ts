import type { Solver } from '#lib/solver/model';
import { isInfeasible } from '../../problem/reachable-stock';
import { stockChange } from '../../problem/stock';
import { tieCost } from '../../problem/tie-breaks';
import { optimiseStorage } from '../../storage/optimise-storage';
import type { PreparedSite, StoragePlan } from '../problem/prepared/prepared-site';
import { hasPricedLimits } from '../problem/priced-limits';
import { isolatedStorage } from '../problem/storage-view';
import type { Solved } from './search';

/**
 * A lower bound of the cost of all schedules, in currency. Storages are only coupled by the power balance of the site.
 * At a price for each step of that balance (the dual values of the relaxation), each storage is a problem of its own,
 * which is solved exactly, with one direction per step. The sum of these costs and of the rest of the relaxation is a
 * lower bound (A. M. Geoffrion, "Lagrangean relaxation for integer programming", 1974).
 *
 * @param pricesOf a device, see balancePrices
 */
export async function lagrangianBound(
  site: PreparedSite,
  relaxed: Solved,
  pricesOf: (index: number) => Float64Array,
  solver: Solver,
): Promise<number> {
  let bound = relaxed.objective;
  for (const [k, plan] of site.storages.entries()) {
    if (hasPricedLimits(plan.device) || plan.device.modes) continue;
    const prices = pricesOf(plan.index);
    // At these prices, the storages of the relaxation are optimal too: the exact cost replaces their cost.
    const exact = await lowestCost(site, plan, prices, solver);
    bound += exact - relaxedCost(site, relaxed, prices, k);
  }
  return bound;
}

/** Currency per MWh that a device pays for power in each step at all of its meters, without its price slope. */
export function balancePrices(
  { meters, metersOfDevice, moneyUnit, powerUnitMw, problem }: PreparedSite,
  { program, solution }: Solved,
  index: number,
): Float64Array {
  const perMwh = moneyUnit / (powerUnitMw * problem.stepHours);
  const prices = new Float64Array(problem.steps);
  for (const m of metersOfDevice[index]!) {
    for (let t = 0; t < problem.steps; t++) {
      const row = program.balanceRows[m]![t]!;
      prices[t]! += row < 0 ? meters[m]!.directPrices[t]! : -solution.rowDuals![row]! * perMwh;
    }
  }
  return prices;
}

/** Currency; no schedule of the storage costs less at these prices. */
async function lowestCost(
  { problem, ties }: PreparedSite,
  { device, slope }: StoragePlan,
  prices: Float64Array,
  solver: Solver,
): Promise<number> {
  const own = prices.map((price, t) => price + slope[t]!);
  const storage = { ...isolatedStorage(problem, device), consumptionPrices: own, productionPrices: own };
  const optimum = await optimiseStorage({ ...storage, ties: ties.storage }, solver);
  return isInfeasible(optimum) ? Infinity : optimum.cost - optimum.gap;
}

/** Currency; cost of storage k in the relaxation at these prices. */
function relaxedCost(
  site: PreparedSite,
  { program, columns }: Solved,
  prices: Float64Array,
  k: number,
): number {
  const { charging, discharging, unitMw } = program.storages[k]!;
  const { slope, device } = site.storages[k]!;
  const { stepHours } = site.problem;
  const stock = { ...device, stepHours };
  const powerOf = (column: number) => (column < 0 ? 0 : columns[column]! * unitMw);
  let cost = 0;
  prices.forEach((price, t) => {
    for (const power of [powerOf(charging[t]!), -powerOf(discharging[t]!)]) {
      cost += power * (price + slope[t]!) * stepHours;
      cost += tieCost(site.ties.storage, power, stepHours, stockChange(stock, t, power));
    }
  });
  return cost;
}
