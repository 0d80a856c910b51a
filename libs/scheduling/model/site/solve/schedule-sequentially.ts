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

/**
 * Schedules the devices of a site one after another, in their order. Each device takes the power of the devices before
 * it and of all inflexible devices as given, and ignores the devices after it.
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
  const schedules: DeviceSchedule[] = [];
  const reasons: string[] = [];
  const conflicts: Conflict[] = [];
  const warnings = new Set<string>();
  for (const device of problem.devices) {
    if (device.kind === 'inflexible') {
      schedules.push(inflexibleSchedule(device));
      continue;
    }
    const devices = [...given, device];
    const timeLimitMs = Math.max(1, endMs - performance.now());
    const result = await scheduleSite({ ...problem, devices }, solver, { ...options, timeLimitMs });
    const own = result.devices.find(({ id }) => id === device.id)!;
    schedules.push(own);
    given.push({ kind: 'inflexible', id: device.id, powerMw: own.unroundedPowerMw });
    if (result.fallbackReason) reasons.push(result.fallbackReason);
    conflicts.push(...(result.conflicts ?? []));
    for (const warning of result.warnings) warnings.add(warning);
  }
  const powers = schedules.map(({ unroundedPowerMw }) => unroundedPowerMw);
  return {
    ...siteCosts(problem, powers),
    devices: schedules,
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
