import type { SiteProblem, SiteSchedule, Stock } from '../problem/site-problem';
import { checkSchedule, type ScheduleRule, type Violation } from './check-schedule';

/** MW by which rounding to 6 decimals can change a power, plus floating-point noise. */
const roundingMw = 0.5e-6 + 1e-12;

/** Constraints that a fallback schedule may break. */
const rulesOfFallbacks: ScheduleRule[] = [
  'consumption-capacity',
  'production-capacity',
  'commodity-balance',
  'soc-min',
  'soc-max',
  'soc-target',
  'site-consumption-capacity',
  'site-production-capacity',
];

/**
 * Checks a schedule before it is stored: against all constraints of its problem, and its rounded power against its
 * unrounded power. A fallback may break bounds and targets of stocks and capacities of the site, and may leave out a
 * process that has too little time; it must keep the power limits of all devices.
 *
 * @returns violations beyond the tolerances; none if the schedule may be stored
 */
export function validateSchedule(problem: SiteProblem, schedule: SiteSchedule): Violation[] {
  const powers = schedule.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
  const violations = checkSchedule(problem, powers, toleranceOf(problem, powers)).filter(
    (violation) => !schedule.fallback || !isExcused(schedule, violation),
  );
  return [...violations, ...checkRounding(problem, schedule)];
}

/** MW and MWh: a watt, or a millionth of the highest power and a billionth of the highest state of charge. */
function toleranceOf(
  { stepHours, devices, stocks = [] }: SiteProblem,
  powers: readonly Float64Array[],
): number {
  let highest = 1;
  for (const device of devices) {
    if (device.kind === 'storage') highest = Math.max(highest, 1e-3 * highestSoc(device));
  }
  for (const stock of stocks) highest = Math.max(highest, 1e-3 * highestSoc(stock));
  for (const power of powers) {
    for (const mw of power) highest = Math.max(highest, Math.abs(mw) * Math.max(1, stepHours));
  }
  return 1e-6 * (Number.isFinite(highest) ? highest : 1);
}

function highestSoc({ socMaxMwh, socAtStartMwh }: Stock): number {
  const highest =
    typeof socMaxMwh === 'number' ? socMaxMwh : socMaxMwh.reduce((most, mwh) => Math.max(most, mwh), 0);
  return Math.max(socAtStartMwh, highest);
}

function isExcused({ conflicts = [] }: SiteSchedule, { rule, device, excess }: Violation): boolean {
  if (Number.isNaN(excess)) return false;
  if (rule === 'process') return conflicts.some((one) => one.kind === 'time' && one.device === device);
  return rulesOfFallbacks.includes(rule);
}

function checkRounding({ devices }: SiteProblem, schedule: SiteSchedule): Violation[] {
  const violations: Violation[] = [];
  schedule.devices.forEach(({ powerMw, unroundedPowerMw }, index) => {
    const { id: name } = devices[index]!;
    unroundedPowerMw.forEach((power, step) => {
      const excess = Math.abs(power - powerMw[step]!);
      const allowed = roundingMw + 1e-15 * Math.abs(power);
      if (!(excess <= allowed)) violations.push({ device: name, rule: 'published-power', step, excess });
    });
  });
  return violations;
}
