import { simulateStock, valueAt } from '../../problem/stock';
import { metersOf, powerAt } from '../problem/meters';
import type { BreachPrice, BreachRank, SiteProblem, Stock } from '../problem/site-problem';
import { simulateSharedStock } from '../problem/simulate-shared-stock';
import { stocksOf } from '../problem/stock-plan';

/** The breaches of a rank in a schedule; see BreachRank for units. */
export interface RankedBreaches {
  total: number;
  highest: number;
}

/** Whether breaches of limits count together, so that devices cannot be scheduled one by one. */
export const hasRanks = (problem: SiteProblem): boolean =>
  [
    ...stocksOf(problem).flatMap(({ socMinima, socMaxima }) => [socMinima, socMaxima]),
    ...metersOf(problem).flatMap((one) => [one.consumptionCapacity, one.productionCapacity]),
  ].some((limit) => limit?.breach?.rank !== undefined);

/**
 * The breaches of each rank in a schedule.
 *
 * @param powers MW per step, consumption positive, by device in the order of the problem
 */
export function rankedBreaches(
  problem: SiteProblem,
  powers: readonly Float64Array[],
): Map<BreachRank, RankedBreaches> {
  const ranks = new Map<BreachRank, RankedBreaches>();
  const add = (price: BreachPrice | undefined, excessAt: (t: number) => number) => {
    if (!price?.rank) return;
    const sum = ranks.get(price.rank) ?? { total: 0, highest: 0 };
    ranks.set(price.rank, sum);
    for (let t = 0; t < problem.steps; t++) {
      const excess = excessAt(t);
      if (price.rankSteps?.[t] === 0 || !(excess > 0)) continue;
      sum.total += excess * price.rank.perStep;
      sum.highest = Math.max(sum.highest, excess);
    }
  };
  for (const meter of metersOf(problem)) {
    const { consumptionCapacity, productionCapacity } = meter;
    if (!consumptionCapacity?.breach?.rank && !productionCapacity?.breach?.rank) continue;
    const net = powerAt(meter, problem.steps, powers);
    add(consumptionCapacity?.breach, (t) => net[t]! - valueAt(consumptionCapacity!.mw, t));
    add(productionCapacity?.breach, (t) => -net[t]! - valueAt(productionCapacity!.mw, t));
  }
  const addStock = ({ socMinima, socMaxima }: Stock, simulate: () => Float64Array) => {
    if (!socMinima?.breach?.rank && !socMaxima?.breach?.rank) return;
    const soc = simulate();
    add(socMinima?.breach, (t) => socMinima!.mwh[t]! - soc[t + 1]!);
    add(socMaxima?.breach, (t) => soc[t + 1]! - socMaxima!.mwh[t]!);
  };
  problem.devices.forEach((device, index) => {
    if (device.kind !== 'storage') return;
    const stock = { ...device, stepHours: problem.stepHours };
    addStock(device, () => simulateStock(stock, powers[index]!, device.socAtStartMwh));
  });
  for (const stock of problem.stocks ?? []) {
    addStock(stock, () => simulateSharedStock(problem, stock, powers));
  }
  return ranks;
}
