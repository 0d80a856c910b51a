import type { SiteProblem, SiteSchedule } from '../problem/site-problem';
import { checkSchedule, type Violation } from './check-schedule';

/** MW by which publishing may change a power: half of the last of 6 decimals, and the noise of counting. */
const roundingMw = 0.5e-6 + 1e-12;

/** Constraints that a fallback may miss: it is what remains where they exclude each other. */
const missable: Violation['rule'][] = [
  'soc-min',
  'soc-max',
  'soc-target',
  'site-consumption-capacity',
  'site-production-capacity',
];

/**
 * What a schedule breaks that it must not break, by simulating it against its problem: whoever made it, however it was
 * found. Nothing but a fallback may miss a constraint, and that only where constraints exclude each other: never the
 * power that a device can take or give.
 *
 * @returns violations beyond tolerances; none for a schedule that may be saved
 */
export function validateSchedule(problem: SiteProblem, schedule: SiteSchedule): Violation[] {
  const powers = schedule.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
  const violations = checkSchedule(problem, powers, toleranceOf(problem, powers)).filter(
    (one) => !schedule.fallback || !isExcused(schedule, one),
  );
  return [...violations, ...published(problem, schedule)];
}

/** MW and MWh: a watt, or the same share of large powers. */
function toleranceOf({ stepHours }: SiteProblem, powers: readonly Float64Array[]): number {
  let largest = 1;
  for (const power of powers) {
    for (const mw of power) largest = Math.max(largest, Math.abs(mw) * Math.max(1, stepHours));
  }
  return 1e-6 * (Number.isFinite(largest) ? largest : 1);
}

function isExcused({ conflicts = [] }: SiteSchedule, { rule, device, excess }: Violation): boolean {
  if (Number.isNaN(excess)) return false;
  if (rule === 'process') return conflicts.some((one) => one.kind === 'time' && one.device === device);
  return missable.includes(rule);
}

/** Steps in which what is published is not what was optimised. */
function published({ devices }: SiteProblem, schedule: SiteSchedule): Violation[] {
  const violations: Violation[] = [];
  schedule.devices.forEach(({ powerMw, unroundedPowerMw }, index) => {
    const { name } = devices[index]!;
    unroundedPowerMw.forEach((power, step) => {
      const excess = Math.abs(power - powerMw[step]!);
      const allowed = roundingMw + 1e-15 * Math.abs(power);
      if (!(excess <= allowed)) violations.push({ device: name, rule: 'published-power', step, excess });
    });
  });
  return violations;
}
