import { simulateStock } from '../../problem/stock';
import { roundPower } from '../../storage/path-power';
import { checkSchedule } from '../evaluate/check-schedule';
import { siteCosts } from '../evaluate/site-costs';
import type { SiteDevice, SiteProblem, SiteSchedule, StorageDevice } from '../problem/site-problem';
import type { Optimum } from './optimise-site';

/** A schedule in the form that callers get. */
export function toSiteSchedule(
  problem: SiteProblem,
  { powers, method, gap }: Pick<Optimum, 'powers' | 'method' | 'gap'>,
  acceptedGap: number,
): SiteSchedule {
  const { commitments, cost, turnover, netPowerMw } = siteCosts(problem, powers);
  const warnings = selfCheck(problem, powers);
  if (gap > 1e-6 + acceptedGap * Math.max(Math.abs(cost), turnover)) {
    warnings.push(
      `The schedule may cost up to ${gap.toPrecision(3)} more than the cheapest one: time was over.`,
    );
  }
  return {
    devices: problem.devices.map((device, i) => describeDevice(problem, device, powers[i]!)),
    netPowerMw,
    commitments,
    cost,
    turnover,
    method,
    gap,
    fallback: false,
    warnings,
  };
}

function describeDevice(problem: SiteProblem, device: SiteDevice, unroundedPowerMw: Float64Array) {
  const soc = device.kind === 'storage' ? { socMwh: socOf(problem, device, unroundedPowerMw) } : {};
  return { name: device.name, powerMw: roundPower(unroundedPowerMw), unroundedPowerMw, ...soc };
}

const socOf = ({ stepHours }: SiteProblem, device: StorageDevice, powerMw: Float64Array): Float64Array =>
  simulateStock({ ...device, stepHours }, powerMw, device.socAtStartMwh);

/** Re-checks the result; a violation would be an error of ours and must not pass unseen. */
function selfCheck(problem: SiteProblem, powers: Float64Array[]): string[] {
  return checkSchedule(problem, powers, 1e-6).map(
    ({ device = 'the site', rule, step, excess }) =>
      `The schedule exceeds ${rule} of ${device} by ${excess} in step ${step}.`,
  );
}
