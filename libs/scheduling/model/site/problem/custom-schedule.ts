import { roundPower } from '../../problem/round-power';
import type { SiteProblem, SiteSchedule } from './site-problem';

/**
 * Wraps the power of a custom scheduler as the schedule of a site with one device. Prices are unknown, so costs are NaN.
 *
 * @param powerMw MW per step, consumption positive
 */
export function wrapCustomSchedule(
  id: string,
  powerMw: Float64Array,
  stepHours: number,
): { problem: SiteProblem; result: SiteSchedule } {
  const steps = powerMw.length;
  const prices = new Float64Array(steps);
  return {
    problem: {
      steps,
      stepHours,
      consumptionPrices: prices,
      productionPrices: prices,
      devices: [{ kind: 'inflexible', id, powerMw }],
    },
    result: {
      devices: [{ id, powerMw: roundPower(powerMw), unroundedPowerMw: powerMw }],
      netPowerMw: powerMw,
      commitments: [],
      cost: NaN,
      turnover: NaN,
      method: 'custom',
      gap: NaN,
      fallback: false,
      warnings: [],
    },
  };
}
