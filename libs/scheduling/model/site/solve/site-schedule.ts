import type { Conflict } from '../../conflicts/conflict';
import { describeConflicts, hoursAfterStart } from '../../conflicts/describe-conflict';
import { roundPower } from '../../problem/round-power';
import { simulateStock } from '../../problem/stock';
import { siteCosts } from '../evaluate/site-costs';
import { metersOf, powerAt } from '../problem/meters';
import { simulateSharedStock } from '../problem/simulate-shared-stock';
import type { DeviceSchedule, SiteDevice, SiteProblem, SiteSchedule } from '../problem/site-problem';
import type { Optimum } from './optimum';

/** The result for callers, with a warning if the gap exceeds the accepted share of max(|cost|, turnover). */
export function toSiteSchedule(
  problem: SiteProblem,
  { powers, method, gap }: Optimum,
  acceptedGap: number,
): SiteSchedule {
  const { commitments, cost, turnover, netPowerMw } = siteCosts(problem, powers);
  const isGapAccepted = !(gap > 1e-6 + acceptedGap * Math.max(Math.abs(cost), turnover));
  return {
    devices: problem.devices.map((device, i) => toDeviceSchedule(problem, device, powers[i]!)),
    netPowerMw,
    ...relatedSchedules(problem, powers),
    commitments,
    cost,
    turnover,
    method,
    gap,
    fallback: false,
    warnings: isGapAccepted ? [] : [gapWarning(gap)],
  };
}

/** The power of groups and the state of shared stocks, if the problem has any. */
export function relatedSchedules(
  problem: SiteProblem,
  powers: readonly Float64Array[],
): Pick<SiteSchedule, 'groups' | 'stocks'> {
  const { steps, groups, stocks } = problem;
  const meters = metersOf(problem).filter(({ kind }) => kind === 'group');
  return {
    ...(groups && {
      groups: meters.map((meter) => ({ id: meter.name, powerMw: powerAt(meter, steps, powers) })),
    }),
    ...(stocks && {
      stocks: stocks.map((stock) => ({ id: stock.id, socMwh: simulateSharedStock(problem, stock, powers) })),
    }),
  };
}

const gapWarning = (gap: number) =>
  `The schedule may cost up to ${gap.toPrecision(3)} more than the cheapest one: the time limit was reached.`;

/**
 * The result for callers if no schedule meets all constraints.
 *
 * @param conflicts why; none if the time limit was reached before a schedule was found
 */
export function toFallback(
  problem: SiteProblem,
  powers: Float64Array[],
  conflicts: Conflict[],
): SiteSchedule {
  const reason = describeConflicts(conflicts, hoursAfterStart(problem.stepHours));
  return {
    ...toSiteSchedule(problem, { powers, method: 'fallback', gap: NaN }, Infinity),
    fallback: true,
    fallbackReason: reason || 'No schedule was found within the time limit.',
    conflicts,
  };
}

function toDeviceSchedule(
  { stepHours }: SiteProblem,
  device: SiteDevice,
  unroundedPowerMw: Float64Array,
): DeviceSchedule {
  const schedule = { id: device.id, powerMw: roundPower(unroundedPowerMw), unroundedPowerMw };
  if (device.kind !== 'storage') return schedule;
  const socMwh = simulateStock({ ...device, stepHours }, unroundedPowerMw, device.socAtStartMwh);
  return { ...schedule, socMwh };
}
