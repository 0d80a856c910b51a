import { addConflict, addLimit, type Conflict, type ConflictingLimit } from '../../conflicts/conflict';
import { type StepLimits, stepLimits } from '../../problem/step-limits';
import { simulateStock, valueAt } from '../../problem/stock';
import type { StorageProblem } from '../../problem/storage-problem';
import { siteCosts } from '../evaluate/site-costs';
import { type ConstraintNames, constraintNames } from '../problem/constraint-names';
import type { SiteDevice, SiteProblem, StorageDevice } from '../problem/site-problem';
import { hardLimitAt, isolatedStorage } from '../problem/storage-view';
import { type BindingBound, boundAt, type Direction, energyConflict } from './energy-conflict';

/** MW and MWh; smaller violations are not reported. */
const tolerance = 1e-6;

/**
 * Finds the conflicts between devices from a schedule that violates limits of stocks and of the site as little as
 * possible: the limits that it misses, and what stops the devices from meeting them.
 *
 * @param powers MW per step, consumption positive, by device
 */
export function explainMissedLimits(problem: SiteProblem, powers: readonly Float64Array[]): Conflict[] {
  const schedule: ScheduledSite = {
    problem,
    netPowerMw: siteCosts(problem, powers).netPowerMw,
    devices: problem.devices.map((device, index) => ({
      device,
      powerMw: powers[index]!,
      storage: device.kind === 'storage' ? scheduledStorage(problem, device, powers[index]!) : undefined,
    })),
  };
  return [
    ...explainCapacity(schedule, 'site-consumption-capacity'),
    ...explainCapacity(schedule, 'site-production-capacity'),
    ...schedule.devices.flatMap(({ storage }) => (storage ? explainBounds(schedule, storage) : [])),
  ];
}

interface ScheduledSite {
  problem: SiteProblem;
  netPowerMw: Float64Array;
  devices: { device: SiteDevice; powerMw: Float64Array; storage: ScheduledStorage | undefined }[];
}

interface ScheduledStorage {
  device: StorageDevice;
  problem: StorageProblem;
  powerMw: Float64Array;
  limits: StepLimits;
  names: ConstraintNames;
  /** MWh after k steps. */
  soc: Float64Array;
}

function scheduledStorage(site: SiteProblem, device: StorageDevice, powerMw: Float64Array): ScheduledStorage {
  const problem = isolatedStorage(site, device);
  return {
    device,
    problem,
    powerMw,
    limits: stepLimits(problem),
    names: constraintNames(device),
    soc: simulateStock(problem, powerMw, device.socAtStartMwh),
  };
}

type SiteCapacity = 'site-consumption-capacity' | 'site-production-capacity';

const signOf = (constraint: SiteCapacity) => (constraint === 'site-consumption-capacity' ? 1 : -1);

/** MW of the site in step t. */
function capacityAt({ problem }: ScheduledSite, constraint: SiteCapacity, t: number): number {
  const isConsumption = constraint === 'site-consumption-capacity';
  return hardLimitAt(isConsumption ? problem.consumptionCapacity : problem.productionCapacity, t);
}

/** One conflict for each uninterrupted time above the capacity, with the amounts of its worst step. */
function explainCapacity(site: ScheduledSite, constraint: SiteCapacity): Conflict[] {
  const { problem, netPowerMw } = site;
  const excess = (t: number) => signOf(constraint) * netPowerMw[t]! - capacityAt(site, constraint, t);
  const conflicts: Conflict[] = [];
  for (let t = 0; t < problem.steps; t++) {
    if (!(excess(t) > tolerance)) continue;
    const from = t;
    let worst = t;
    for (; t < problem.steps && excess(t) > tolerance; t++) if (excess(t) > excess(worst)) worst = t;
    conflicts.push({
      ...capacityConflict(site, constraint, worst),
      fromStep: from,
      step: from + 1,
      untilStep: t,
    });
  }
  return conflicts;
}

function capacityConflict(site: ScheduledSite, constraint: SiteCapacity, t: number): Conflict {
  const sign = signOf(constraint);
  const wanted = capacityAt(site, constraint, t);
  const nearest = sign * site.netPowerMw[t]!;
  let available = 0;
  const limitedBy: ConflictingLimit[] = [];
  for (const { device, powerMw, storage } of site.devices) {
    if (device.kind === 'process' && sign * powerMw[t]! > 0) {
      addLimit(limitedBy, { constraint: 'duration', device: device.id });
    }
    if (!storage) continue;
    available += Math.max(0, -sign * powerMw[t]!);
    addLimit(limitedBy, bindingLimit(storage, t, sign === 1 ? 'down' : 'up'));
  }
  return {
    kind: 'power',
    constraint,
    fromStep: t,
    step: t + 1,
    untilStep: t + 1,
    wanted,
    nearest,
    needed: nearest - wanted + available,
    available,
    limitedBy,
  };
}

/** The limit that stops the power of a storage in step t: its power limit, or else a bound of its stock. */
function bindingLimit(storage: ScheduledStorage, t: number, direction: Direction): ConflictingLimit {
  const powerLimit = bindingPowerLimit(storage, t, direction);
  if (powerLimit) return powerLimit;
  const { problem, device } = storage;
  const nextTarget = problem.socTargets?.find(({ step }) => step > t);
  return nextTarget
    ? { constraint: 'soc-target', device: device.id, value: nextTarget.socMwh }
    : { constraint: direction === 'up' ? 'soc-max' : 'soc-min', device: device.id };
}

/** The power limit of a storage, if its power in step t has reached it. */
function bindingPowerLimit(
  { device, problem, powerMw, names }: ScheduledStorage,
  t: number,
  direction: Direction,
): ConflictingLimit | undefined {
  const isUp = direction === 'up';
  const highest = valueAt(isUp ? problem.chargePowerMaxMw : problem.dischargePowerMaxMw, t);
  if ((isUp ? powerMw[t]! : -powerMw[t]!) < highest - tolerance) return undefined;
  const constraint = (isUp ? names.charging : names.discharging)(t);
  return { constraint, device: device.id, value: highest };
}

/** The bounds that the stock of a storage misses. */
function explainBounds(site: ScheduledSite, storage: ScheduledStorage): Conflict[] {
  const { limits, soc } = storage;
  const conflicts: Conflict[] = [];
  for (let k = 1; k <= site.problem.steps; k++) {
    if (limits.socMin[k]! - soc[k]! > tolerance) addConflict(conflicts, missedBound(site, storage, k, 'up'));
    if (soc[k]! - limits.socMax[k]! > tolerance) {
      addConflict(conflicts, missedBound(site, storage, k, 'down'));
    }
  }
  return conflicts;
}

function missedBound(
  site: ScheduledSite,
  storage: ScheduledStorage,
  k: number,
  direction: Direction,
): Conflict {
  const { problem, soc, device } = storage;
  return energyConflict(
    problem,
    { ...boundAt(storage, k, direction), device: device.id, direction, step: k, nearest: soc[k]! },
    lastBindingBound(storage, k, direction),
    (t) => bindingPowerLimit(storage, t, direction) ?? bindingCapacity(site, t, direction),
  );
}

/** The last bound before k that stopped the stock from being closer to the bound at k. */
function lastBindingBound(storage: ScheduledStorage, k: number, direction: Direction): BindingBound {
  const { limits, soc, device, names } = storage;
  const isUp = direction === 'up';
  for (let step = k - 1; step > 0; step--) {
    const mwh = soc[step]!;
    const distance = isUp ? limits.socMax[step]! - mwh : mwh - limits.socMin[step]!;
    if (distance > tolerance) continue;
    const constraint = (isUp ? names.upper : names.lower)(step);
    return { step, mwh, by: { constraint, device: device.id, value: mwh } };
  }
  const mwh = soc[0]!;
  return { step: 0, mwh, by: { constraint: 'soc-at-start', device: device.id, value: mwh } };
}

/** The capacity of the site, if its net power in step t has reached it. */
function bindingCapacity(site: ScheduledSite, t: number, direction: Direction): ConflictingLimit | undefined {
  const constraint = direction === 'up' ? 'site-consumption-capacity' : 'site-production-capacity';
  const capacity = capacityAt(site, constraint, t);
  const isReached = signOf(constraint) * site.netPowerMw[t]! >= capacity - tolerance;
  return isReached ? { constraint, value: capacity } : undefined;
}
