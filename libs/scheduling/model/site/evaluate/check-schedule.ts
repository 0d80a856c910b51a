import { valueAt } from '../../problem/stock';
import { checkStorage, type ScheduleRule } from '../../storage/check-schedule';
import { hardLimit, storageView } from '../problem/prepared-site';
import type { ProcessDevice, SiteProblem } from '../problem/site-problem';
import { siteCosts } from './site-costs';

export interface Violation {
  /** Undefined for the site itself. */
  device?: string;
  rule: ScheduleRule | 'process' | 'forecast' | 'inflexible-power' | 'published-power';
  step: number;
  /** MW or MWh, positive. */
  excess: number;
}

/**
 * Tests a schedule of a site against every constraint that may not be broken at a price, by simulating each stock anew.
 *
 * @param powers MW per step, consumption positive, by device
 * @param tolerance MW and MWh by which a limit may be passed
 */
export function checkSchedule(
  problem: SiteProblem,
  powers: readonly Float64Array[],
  tolerance = 1e-6,
): Violation[] {
  const violations: Violation[] = [];
  const note = (device: string | undefined, rule: Violation['rule'], step: number, excess: number) => {
    // Written so that a NaN counts as a violation.
    if (!(excess <= tolerance)) violations.push({ device, rule, step, excess });
  };
  const { netPowerMw } = siteCosts(problem, powers);
  const [importMax, exportMax] = [
    hardLimit(problem.consumptionCapacity),
    hardLimit(problem.productionCapacity),
  ];
  netPowerMw.forEach((net, t) => {
    note(undefined, 'site-consumption-capacity', t, net - valueAt(importMax, t));
    note(undefined, 'site-production-capacity', t, -net - valueAt(exportMax, t));
  });
  problem.devices.forEach((device, index) => {
    const power = powers[index]!;
    const { name } = device;
    switch (device.kind) {
      case 'storage': {
        const view = storageView(problem, device, new Float64Array(problem.steps));
        for (const { rule, step, excess } of checkStorage(view, power, tolerance).violations) {
          note(name, rule, step, excess);
        }
        break;
      }
      case 'process':
        for (const step of processFaults(device, power, tolerance)) note(name, 'process', step, Infinity);
        break;
      case 'curtailable':
        power.forEach((one, t) => {
          note(name, 'forecast', t, Math.max(one, -one - device.forecastMw[t]!));
        });
        break;
      case 'inflexible':
        power.forEach((one, t) => {
          note(name, 'inflexible-power', t, Math.abs(one - device.powerMw[t]!));
        });
    }
  });
  return violations;
}

/** Steps in which a process does what it may not; the last step when it runs too long, too short or with breaks. */
function processFaults(
  { type, powerMw, durationSteps, forbidden }: ProcessDevice,
  power: Float64Array,
  tolerance: number,
): number[] {
  const faults: number[] = [];
  let runs = 0;
  let starts = 0;
  power.forEach((one, t) => {
    const isOn = Math.abs(one - powerMw) <= tolerance;
    const isOff = Math.abs(one) <= tolerance;
    if ((!isOn && !isOff) || (isOn && !isOff && forbidden?.[t])) faults.push(t);
    if (!isOn) return;
    runs++;
    if (t === 0 || Math.abs(power[t - 1]! - powerMw) > tolerance) starts++;
  });
  const isComplete = runs === durationSteps && (type === 'BREAKABLE' || starts === 1);
  return isComplete || powerMw === 0 ? faults : [...faults, power.length - 1];
}
