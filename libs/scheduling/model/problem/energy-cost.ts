import type { StorageProblem } from './storage-problem';

export interface ScheduleCost {
  /** Currency; what is paid for net consumption less what is earned by net production. */
  cost: number;
  /** Currency; the same amounts added up without their signs. A scale for judging differences in cost. */
  turnover: number;
}

/**
 * Money that changes hands for one step.
 *
 * @param netPowerMw of the whole site, consumption positive
 * @returns currency; negative when earned
 */
export function energyCost(
  netPowerMw: number,
  consumptionPrice: number,
  productionPrice: number,
  stepHours: number,
): number {
  return netPowerMw * (netPowerMw >= 0 ? consumptionPrice : productionPrice) * stepHours;
}

/**
 * Cost of the whole site, inflexible power included, at the prices of the problem.
 *
 * @param powerMw MW of the device per step, consumption positive
 */
export function scheduleCost(problem: StorageProblem, powerMw: Float64Array): ScheduleCost {
  let cost = 0;
  let turnover = 0;
  for (let t = 0; t < problem.steps; t++) {
    const net = powerMw[t]! + (problem.inflexiblePowerMw?.[t] ?? 0);
    const amount = energyCost(
      net,
      problem.consumptionPrices[t]!,
      problem.productionPrices[t]!,
      problem.stepHours,
    );
    cost += amount;
    turnover += Math.abs(amount);
  }
  return { cost, turnover };
}
