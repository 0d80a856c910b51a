import { addConflict, addLimit, type Conflict, type ConflictingLimit } from '../../conflicts/conflict';
import { capacityOf, constraintOf, type Meter, type MeterSign, metersOf, powerAt } from '../problem/meters';
import type { SiteDevice, SiteProblem } from '../problem/site-problem';
import { hardLimitAt } from '../problem/storage-view';
import { type BindingBound, boundAt, type Direction, energyConflict } from './energy-conflict';
import { type ScheduledStock, scheduledSharedStock, scheduledStorage } from './scheduled-stock';

/** MW and MWh; smaller violations are not reported. */
const tolerance = 1e-6;

/**
 * Finds the conflicts between devices from a schedule that violates limits of stocks, of groups and of the site as little as
 * possible: the limits that it misses, and what stops the devices from meeting them.
 *
 * @param powers MW per step, consumption positive, by device
 */
export function explainMissedLimits(problem: SiteProblem, powers: readonly Float64Array[]): Conflict[] {
  const limited = metersOf(problem).filter(({ kind }) => kind !== 'commitment');
  const site: ScheduledSite = {
    problem,
    meters: limited.map((meter) => ({ meter, powerMw: powerAt(meter, problem.steps, powers) })),
    devices: problem.devices.map((device, index) => ({
      device,
      powerMw: powers[index]!,
      stock: device.kind === 'storage' ? scheduledStorage(problem, device, index, powers[index]!) : undefined,
    })),
  };
  const shared = (problem.stocks ?? []).map((stock) => scheduledSharedStock(problem, stock, powers));
  return [
    ...site.meters.flatMap((one) => [...explainCapacity(site, one, 1), ...explainCapacity(site, one, -1)]),
    ...site.devices.flatMap(({ stock }) => (stock ? explainBounds(site, stock) : [])),
    ...shared.flatMap((stock) => explainBounds(site, stock)),
  ];
}

/** A meter and its power, MW per step above the baseline. */
interface ScheduledMeter {
  meter: Meter;
  powerMw: Float64Array;
}

interface ScheduledSite {
  problem: SiteProblem;
  meters: ScheduledMeter[];
  devices: { device: SiteDevice; powerMw: Float64Array; stock: ScheduledStock | undefined }[];
}

/** The name of the device, group or commodity that a limit of a meter belongs to; undefined for the site. */
const ownerOf = ({ kind, name }: Meter): string | undefined => (kind === 'site' ? undefined : name);

/** One conflict for each uninterrupted time above the capacity, with the amounts of its worst step. */
function explainCapacity(site: ScheduledSite, scheduled: ScheduledMeter, sign: MeterSign): Conflict[] {
  const { steps } = site.problem;
  const capacity = capacityOf(scheduled.meter, sign);
  const excess = (t: number) => sign * scheduled.powerMw[t]! - hardLimitAt(capacity, t);
  const conflicts: Conflict[] = [];
  for (let t = 0; t < steps; t++) {
    if (!(excess(t) > tolerance)) continue;
    const from = t;
    let worst = t;
    for (; t < steps && excess(t) > tolerance; t++) if (excess(t) > excess(worst)) worst = t;
    conflicts.push({
      ...capacityConflict(site, scheduled, sign, worst),
      fromStep: from,
      step: from + 1,
      untilStep: t,
    });
  }
  return conflicts;
}

function capacityConflict(
  site: ScheduledSite,
  { meter, powerMw: meterMw }: ScheduledMeter,
  sign: MeterSign,
  t: number,
): Conflict {
  const wanted = hardLimitAt(capacityOf(meter, sign), t);
  const nearest = sign * meterMw[t]!;
  let available = 0;
  const limitedBy: ConflictingLimit[] = [];
  for (const index of meter.members) {
    const { device, powerMw, stock } = site.devices[index]!;
    if (device.kind === 'process' && sign * powerMw[t]! > 0) {
      addLimit(limitedBy, { constraint: 'duration', device: device.id });
    }
    if (!stock) continue;
    available += Math.max(0, -sign * powerMw[t]!);
    addLimit(limitedBy, bindingLimit(stock, t, sign === 1 ? 'down' : 'up'));
  }
  return {
    kind: 'power',
    constraint: constraintOf(meter, sign),
    device: ownerOf(meter),
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
function bindingLimit(stock: ScheduledStock, t: number, direction: Direction): ConflictingLimit {
  const [powerLimit] = stock.powerLimits(t, direction);
  if (powerLimit) return powerLimit;
  const { id, targets } = stock;
  const nextTarget = targets.find(({ step }) => step > t);
  return nextTarget
    ? { constraint: 'soc-target', device: id, value: nextTarget.socMwh }
    : { constraint: direction === 'up' ? 'soc-max' : 'soc-min', device: id };
}

/** The bounds that a stock misses. */
function explainBounds(site: ScheduledSite, stock: ScheduledStock): Conflict[] {
  const { limits, soc } = stock;
  const conflicts: Conflict[] = [];
  for (let k = 1; k <= site.problem.steps; k++) {
    if (limits.socMin[k]! - soc[k]! > tolerance) addConflict(conflicts, missedBound(site, stock, k, 'up'));
    if (soc[k]! - limits.socMax[k]! > tolerance) {
      addConflict(conflicts, missedBound(site, stock, k, 'down'));
    }
  }
  return conflicts;
}

function missedBound(site: ScheduledSite, stock: ScheduledStock, k: number, direction: Direction): Conflict {
  const { idle, soc, id } = stock;
  return energyConflict(
    idle,
    { ...boundAt(stock, k, direction), device: id, direction, step: k, nearest: soc[k]! },
    lastBindingBound(stock, k, direction),
    (t) => {
      const own = stock.powerLimits(t, direction);
      return own.length > 0 ? own : bindingCapacities(site, stock, t, direction);
    },
  );
}

/** The last bound before k that stopped the stock from being closer to the bound at k. */
function lastBindingBound(stock: ScheduledStock, k: number, direction: Direction): BindingBound {
  const { limits, soc, id, names } = stock;
  const isUp = direction === 'up';
  for (let step = k - 1; step > 0; step--) {
    const mwh = soc[step]!;
    const distance = isUp ? limits.socMax[step]! - mwh : mwh - limits.socMin[step]!;
    if (distance > tolerance) continue;
    const constraint = (isUp ? names.upper : names.lower)(step);
    return { step, mwh, by: { constraint, device: id, value: mwh } };
  }
  const mwh = soc[0]!;
  return { step: 0, mwh, by: { constraint: 'soc-at-start', device: id, value: mwh } };
}

/** The capacities of the site and of groups that the power of a stock's devices has reached in step t. */
function bindingCapacities(
  { meters }: ScheduledSite,
  { indices }: ScheduledStock,
  t: number,
  direction: Direction,
): ConflictingLimit[] {
  const sign = direction === 'up' ? 1 : -1;
  return meters.flatMap(({ meter, powerMw }) => {
    const value = hardLimitAt(capacityOf(meter, sign), t);
    const isReached = sign * powerMw[t]! >= value - tolerance;
    if (!isReached || !indices.some((index) => meter.members.includes(index))) return [];
    return [{ constraint: constraintOf(meter, sign), device: ownerOf(meter), value }];
  });
}
