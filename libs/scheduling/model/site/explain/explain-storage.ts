import { addConflict, type Conflict, type ConflictingLimit } from '../../conflicts/conflict';
import { stockTolerance } from '../../problem/reachable-stock';
import { type StepLimits, stepLimits } from '../../problem/step-limits';
import { stockChange, stockWhenIdle, valueAt } from '../../problem/stock';
import type { StorageProblem } from '../../problem/storage-problem';
import { type ConstraintNames, constraintNames } from '../problem/constraint-names';
import type { StorageDevice } from '../problem/site-problem';
import { type BindingBound, boundAt, type Direction, energyConflict } from './energy-conflict';

/**
 * Finds which constraints of a storage cannot be met together, exactly.
 *
 * Follows the lowest and the highest stock that can be reached, step by step. If a bound lies outside that range, it
 * conflicts with the last bound that determined the stock and with the power limits since then: these alone contradict
 * each other, whatever the other constraints are. The bound is ignored from there on, so that later conflicts also hold
 * on their own.
 *
 * @param problem the storage, with or without the site around it
 * @param device the device that it comes from; gives the names of its constraints
 * @returns conflicts in the order of time; none if there is a schedule
 */
export function explainStorage(problem: StorageProblem, device: StorageDevice): Conflict[] {
  const found = findConflicts(problem, device, toleranceOf(problem));
  // Another algorithm may have found the problem infeasible by less than the tolerance.
  return found.length > 0 ? found : findConflicts(problem, device, 0);
}

/** MWh by which a bound may be missed and still count as met. */
function toleranceOf(problem: StorageProblem): number {
  const { powerMin, powerMax, socMin, socMax } = stepLimits(problem);
  let change = 0;
  let soc = 0;
  for (let t = 0; t < problem.steps; t++) {
    change = Math.max(change, Math.abs(stockChange(problem, t, powerMin[t]!)));
    change = Math.max(change, Math.abs(stockChange(problem, t, powerMax[t]!)));
    soc = Math.max(soc, finiteAmount(socMin[t + 1]!), finiteAmount(socMax[t + 1]!));
  }
  return stockTolerance(change, soc);
}

const finiteAmount = (value: number) => (Number.isFinite(value) ? Math.abs(value) : 0);

interface Context {
  problem: StorageProblem;
  device: string;
  names: ConstraintNames;
  limits: StepLimits;
  tolerance: number;
}

/** The lowest or highest stock that can be reached, and the last bound that determined it. */
interface ExtremeStock {
  mwh: number;
  since: BindingBound;
}

function findConflicts(problem: StorageProblem, device: StorageDevice, tolerance: number): Conflict[] {
  const context: Context = {
    problem,
    device: device.id,
    names: constraintNames(device),
    limits: stepLimits(problem),
    tolerance,
  };
  const { socMin, socMax } = context.limits;
  const conflicts: Conflict[] = [];
  if (socMin[0]! > socMax[0]! + tolerance) conflicts.push(boundsConflict(context, 0));
  const low = stockAtStart(context);
  const high = stockAtStart(context);
  for (let k = 1; k <= problem.steps; k++) {
    const [powerMin, powerMax] = powerRange(context, k - 1, conflicts);
    low.mwh = stockWhenIdle(problem, k - 1, low.mwh) + stockChange(problem, k - 1, powerMin);
    high.mwh = stockWhenIdle(problem, k - 1, high.mwh) + stockChange(problem, k - 1, powerMax);
    const conflict = applyBounds(context, k, low, high);
    if (conflict) addConflict(conflicts, conflict);
  }
  return conflicts;
}

function stockAtStart({ problem, device }: Context): ExtremeStock {
  const mwh = problem.socAtStartMwh;
  return { mwh, since: { step: 0, mwh, by: { constraint: 'soc-at-start', device, value: mwh } } };
}

/** Limits both extreme stocks to the bounds after k steps, unless these cannot be met. */
function applyBounds(
  context: Context,
  k: number,
  low: ExtremeStock,
  high: ExtremeStock,
): Conflict | undefined {
  const { limits, names, tolerance } = context;
  const [lower, upper] = [limits.socMin[k]!, limits.socMax[k]!];
  if (lower > upper + tolerance) return boundsConflict(context, k);
  if (high.mwh < lower - tolerance) return missedBound(context, k, high, 'up');
  if (low.mwh > upper + tolerance) return missedBound(context, k, low, 'down');
  const limitTo = (stock: ExtremeStock, mwh: number, by: ConflictingLimit) => {
    stock.mwh = mwh;
    stock.since = { step: k, mwh, by };
  };
  const { device } = context;
  if (low.mwh < lower) limitTo(low, lower, { constraint: names.lower(k), device, value: lower });
  if (high.mwh > upper) limitTo(high, upper, { constraint: names.upper(k), device, value: upper });
  return undefined;
}

/**
 * Power range of the storage in step t. If the site's capacity leaves no power at all, adds a conflict and gives the
 * range without the capacity.
 */
function powerRange(context: Context, t: number, conflicts: Conflict[]): [min: number, max: number] {
  const { problem, limits, device, names, tolerance } = context;
  const [min, max] = [limits.powerMin[t]!, limits.powerMax[t]!];
  if (stockChange(problem, t, min) <= stockChange(problem, t, max) + tolerance) return [min, max];
  const inflexible = problem.inflexiblePowerMw?.[t] ?? 0;
  const [ownMin, ownMax] = [-valueAt(problem.dischargePowerMaxMw, t), valueAt(problem.chargePowerMaxMw, t)];
  const isConsumption = max < ownMin;
  const capacity = isConsumption ? inflexible + max : -(inflexible + min);
  const given = isConsumption ? inflexible : -inflexible;
  const available = isConsumption ? -ownMin : ownMax;
  const constraint = isConsumption ? names.discharging(t) : names.charging(t);
  addConflict(conflicts, {
    kind: 'power',
    constraint: isConsumption ? 'site-consumption-capacity' : 'site-production-capacity',
    fromStep: t,
    step: t + 1,
    untilStep: t + 1,
    wanted: capacity,
    nearest: given - available,
    needed: given - capacity,
    available,
    limitedBy: [{ constraint, device, value: available }],
  });
  return [ownMin, ownMax];
}

function boundsConflict({ limits, names, device, problem }: Context, k: number): Conflict {
  const [lower, upper] = [limits.socMin[k]!, limits.socMax[k]!];
  // At the start, a target contradicts the state of charge.
  const isStartLower = problem.socAtStartMwh === lower;
  const lowerName = k === 0 ? (isStartLower ? 'soc-at-start' : 'soc-target') : names.lower(k);
  const upperName = k === 0 ? (isStartLower ? 'soc-target' : 'soc-at-start') : names.upper(k);
  return {
    kind: 'bounds',
    constraint: lowerName,
    device,
    fromStep: k,
    step: k,
    untilStep: k,
    wanted: lower,
    nearest: upper,
    needed: lower - upper,
    available: 0,
    limitedBy: [{ constraint: upperName, device, value: upper }],
  };
}

function missedBound(context: Context, k: number, stock: ExtremeStock, direction: Direction): Conflict {
  const { problem, device } = context;
  return energyConflict(
    problem,
    { ...boundAt(context, k, direction), device, direction, step: k, nearest: stock.mwh },
    stock.since,
    (t) => [direction === 'up' ? chargingLimit(context, t) : dischargingLimit(context, t)],
  );
}

function chargingLimit({ problem, limits, names, device }: Context, t: number): ConflictingLimit {
  const own = valueAt(problem.chargePowerMaxMw, t);
  return limits.powerMax[t]! < own
    ? { constraint: 'site-consumption-capacity', value: valueAt(problem.siteConsumptionCapacityMw!, t) }
    : { constraint: names.charging(t), device, value: own };
}

function dischargingLimit({ problem, limits, names, device }: Context, t: number): ConflictingLimit {
  const own = valueAt(problem.dischargePowerMaxMw, t);
  return limits.powerMin[t]! > -own
    ? { constraint: 'site-production-capacity', value: valueAt(problem.siteProductionCapacityMw!, t) }
    : { constraint: names.discharging(t), device, value: own };
}
