import type { Solver } from '#lib/solver/model';
import type { Conflict } from '../../conflicts/conflict';
import { roundPower } from '../../problem/round-power';
import { siteCosts } from '../evaluate/site-costs';
import type {
  DeviceSchedule,
  InflexibleDevice,
  SiteDevice,
  SiteOptions,
  SiteProblem,
  SiteSchedule,
} from '../problem/site-problem';
import { scheduleSite } from './schedule-site';
import { partOfSite, unitsOf } from './site-parts';
import { relatedSchedules } from './site-schedule';

/**
 * Schedules the devices of a site one after another, in their order. Each device takes the power of the devices before
 * it and of all inflexible devices as given, and ignores the devices after it. Devices that need each other (ports of a
 * converter, devices of a shared stock, and those that balance a commodity) are scheduled together.
 *
 * @throws RangeError if the problem is invalid
 */
export async function scheduleSequentially(
  problem: SiteProblem,
  solver: Solver,
  options: SiteOptions = {},
): Promise<SiteSchedule> {
  if (problem.devices.every(({ kind }) => kind === 'inflexible')) {
    // No step below would check the capacities of the site.
    const schedule = await scheduleSite(problem, solver, options);
    return schedule.fallback ? schedule : { ...schedule, method: 'sequential', gap: NaN };
  }
  const endMs = performance.now() + (options.timeLimitMs ?? 60_000);
  const given: SiteDevice[] = problem.devices.filter(({ kind }) => kind === 'inflexible');
  const schedules = new Map<string, DeviceSchedule>();
  const reasons: string[] = [];
  const conflicts: Conflict[] = [];
  const warnings = new Set<string>();
  for (const unit of unitsOf(problem)) {
    const [first] = unit;
    if (first!.kind === 'inflexible') {
      schedules.set(first!.id, inflexibleSchedule(first!));
      continue;
    }
    const timeLimitMs = Math.max(1, endMs - performance.now());
    const part = partOfSite(problem, [...given, ...unit]);
    const result = await scheduleSite(part, solver, { ...options, timeLimitMs });
    for (const { id, commodity } of unit) {
      const own = result.devices.find((one) => one.id === id)!;
      schedules.set(id, own);
      given.push({ kind: 'inflexible', id, commodity, powerMw: own.unroundedPowerMw });
    }
    if (result.fallbackReason) reasons.push(result.fallbackReason);
    conflicts.push(...(result.conflicts ?? []));
    for (const warning of result.warnings) warnings.add(warning);
  }
  const devices = problem.devices.map(({ id }) => schedules.get(id)!);
  const powers = devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
  return {
    ...siteCosts(problem, powers),
    ...relatedSchedules(problem, powers),
    devices,
    method: reasons.length > 0 ? 'fallback' : 'sequential',
    gap: NaN,
    fallback: reasons.length > 0,
    ...(reasons.length > 0 ? { fallbackReason: [...new Set(reasons)].join(' '), conflicts } : {}),
    warnings: [...warnings],
  };
}

const inflexibleSchedule = ({ id, powerMw }: InflexibleDevice): DeviceSchedule => ({
  id,
  powerMw: roundPower(powerMw),
  unroundedPowerMw: powerMw,
});
