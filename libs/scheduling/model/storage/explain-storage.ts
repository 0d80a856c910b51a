import {
  addConflict,
  addLimit,
  type Conflict,
  type ConflictingLimit,
  type ConstraintName,
} from '../conflicts/conflict';
import { stepLimits } from '../problem/step-limits';
import { stockChange, stockWhenIdle, valueAt } from '../problem/stock';
import type { StorageProblem } from '../problem/storage-problem';

/** By which of a storage's fields its limits hold. */
export interface ConstraintNames {
  /** The most that it may charge in step t. */
  charging: (t: number) => ConstraintName;
  /** The most that it may discharge in step t. */
  discharging: (t: number) => ConstraintName;
  /** Bounds of the stock after k steps, where there is no target. */
  lower: (k: number) => ConstraintName;
  upper: (k: number) => ConstraintName;
}

const plainNames: ConstraintNames = {
  charging: () => 'power-capacity',
  discharging: () => 'power-capacity',
  lower: () => 'soc-min',
  upper: () => 'soc-max',
};

/** The stock that follows from going as far as possible in one direction, and where a bound held it last. */
interface Edge {
  mwh: number;
  heldAt: number;
  heldBy: ConflictingLimit;
  heldMwh: number;
}

/**
 * Which constraints of a storage exclude each other.
 *
 * Follows the lowest and the highest stock that can be reached, step by step. Where a bound lies beyond them, what
 * stands against it is the bound that held the stock last, and the power limits since then: these alone exclude each
 * other, whatever else there is. The bound is left out of account from there on, so that further conflicts hold on
 * their own as well.
 *
 * @param device name of the storage in the conflicts
 * @returns conflicts in the order of their time; none when there is a schedule
 */
export function explainStorage(
  problem: StorageProblem,
  device?: string,
  names: ConstraintNames = plainNames,
): Conflict[] {
  const found = followEdges(problem, device, names, toleranceOf(problem));
  // What another calculation found impossible by a hair may look possible here.
  return found.length > 0 ? found : followEdges(problem, device, names, 0);
}

/** MWh by which a bound may be missed and still count as met. */
function toleranceOf(problem: StorageProblem): number {
  const { powerMin, powerMax, socMin, socMax } = stepLimits(problem);
  let change = 0;
  let soc = 0;
  for (let t = 0; t < problem.steps; t++) {
    change = Math.max(change, Math.abs(stockChange(problem, t, powerMin[t]!)));
    change = Math.max(change, Math.abs(stockChange(problem, t, powerMax[t]!)));
    soc = Math.max(soc, finite(socMin[t + 1]!), finite(socMax[t + 1]!));
  }
  return 1e-9 * (change || 1) + 1e-15 * soc;
}

const finite = (value: number) => (Number.isFinite(value) ? Math.abs(value) : 0);

function followEdges(
  problem: StorageProblem,
  device: string | undefined,
  names: ConstraintNames,
  tolerance: number,
): Conflict[] {
  const scene = { problem, device, names: withTargets(problem, names), limits: stepLimits(problem) };
  const { socMin, socMax } = scene.limits;
  const conflicts: Conflict[] = [];
  const start = { constraint: 'soc-at-start' as const, device, value: problem.socAtStartMwh };
  const low: Edge = { mwh: start.value, heldAt: 0, heldBy: start, heldMwh: start.value };
  const high: Edge = { ...low };
  if (socMin[0]! > socMax[0]! + tolerance) conflicts.push(contradiction(scene, 0));
  for (let k = 1; k <= problem.steps; k++) {
    const [powerMin, powerMax] = possiblePower(scene, k, tolerance, conflicts);
    low.mwh = stockWhenIdle(problem, k - 1, low.mwh) + stockChange(problem, k - 1, powerMin);
    high.mwh = stockWhenIdle(problem, k - 1, high.mwh) + stockChange(problem, k - 1, powerMax);
    const [lower, upper] = [socMin[k]!, socMax[k]!];
    if (lower > upper + tolerance) {
      addConflict(conflicts, contradiction(scene, k));
    } else if (high.mwh < lower - tolerance) {
      addConflict(conflicts, shortOfEnergy(scene, k, lower, high, 'up'));
    } else if (low.mwh > upper + tolerance) {
      addConflict(conflicts, shortOfEnergy(scene, k, upper, low, 'down'));
    } else {
      if (low.mwh < lower) hold(low, k, { constraint: scene.names.lower(k), device, value: lower });
      if (high.mwh > upper) hold(high, k, { constraint: scene.names.upper(k), device, value: upper });
    }
  }
  return conflicts;
}

interface Scene {
  problem: StorageProblem;
  device: string | undefined;
  names: ConstraintNames;
  limits: ReturnType<typeof stepLimits>;
}

/** A target takes the place of other bounds at its instant. */
function withTargets({ socTargets = [] }: StorageProblem, names: ConstraintNames): ConstraintNames {
  const targets = new Set(socTargets.map(({ step }) => step));
  return {
    ...names,
    lower: (k) => (targets.has(k) ? 'soc-target' : names.lower(k)),
    upper: (k) => (targets.has(k) ? 'soc-target' : names.upper(k)),
  };
}

function hold(edge: Edge, k: number, by: ConflictingLimit & { value: number }): void {
  edge.mwh = edge.heldMwh = by.value;
  edge.heldAt = k;
  edge.heldBy = by;
}

/** What the device may do in step k - 1; where the site leaves nothing, that is told, and the site not looked at. */
function possiblePower(
  scene: Scene,
  k: number,
  tolerance: number,
  conflicts: Conflict[],
): [min: number, max: number] {
  const { problem, limits, device, names } = scene;
  const t = k - 1;
  const [min, max] = [limits.powerMin[t]!, limits.powerMax[t]!];
  if (stockChange(problem, t, min) <= stockChange(problem, t, max) + tolerance) return [min, max];
  const inflexible = problem.inflexiblePowerMw?.[t] ?? 0;
  const [most, least] = [valueAt(problem.chargePowerMaxMw, t), -valueAt(problem.dischargePowerMaxMw, t)];
  const consumes = max < least;
  const capacity = consumes ? inflexible + max : -(inflexible + min);
  const given = consumes ? inflexible : -inflexible;
  const available = consumes ? -least : most;
  addConflict(conflicts, {
    kind: 'power',
    constraint: consumes ? 'site-consumption-capacity' : 'site-production-capacity',
    fromStep: t,
    step: k,
    untilStep: k,
    wanted: capacity,
    nearest: given - available,
    needed: given - capacity,
    available,
    limitedBy: [
      { constraint: consumes ? names.discharging(t) : names.charging(t), device, value: available },
    ],
  });
  return [least, most];
}

function contradiction({ limits, names, device, problem }: Scene, k: number): Conflict {
  const [lower, upper] = [limits.socMin[k]!, limits.socMax[k]!];
  // Only at the start itself does something else than a bound or target hold the stock.
  const startIsLower = problem.socAtStartMwh === lower;
  const lowerName = k === 0 ? (startIsLower ? 'soc-at-start' : 'soc-target') : names.lower(k);
  const upperName = k === 0 ? (startIsLower ? 'soc-target' : 'soc-at-start') : names.upper(k);
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

function shortOfEnergy(
  { problem, limits, names, device }: Scene,
  k: number,
  wanted: number,
  edge: Edge,
  direction: 'up' | 'down',
): Conflict {
  let idle = edge.heldMwh;
  const limitedBy: ConflictingLimit[] = [];
  for (let t = edge.heldAt; t < k; t++) {
    idle = stockWhenIdle(problem, t, idle);
    addLimit(limitedBy, direction === 'up' ? limitOfCharging(t) : limitOfDischarging(t));
  }
  const sign = direction === 'up' ? 1 : -1;
  return {
    kind: 'energy',
    constraint: direction === 'up' ? names.lower(k) : names.upper(k),
    device,
    fromStep: edge.heldAt,
    step: k,
    untilStep: k,
    wanted,
    nearest: edge.mwh,
    needed: sign * (wanted - idle),
    available: sign * (edge.mwh - idle),
    driftMwh: idle - edge.heldMwh,
    since: edge.heldBy,
    limitedBy,
  };

  function limitOfCharging(t: number): ConflictingLimit {
    const own = valueAt(problem.chargePowerMaxMw, t);
    return limits.powerMax[t]! < own
      ? { constraint: 'site-consumption-capacity', value: valueAt(problem.siteConsumptionCapacityMw!, t) }
      : { constraint: names.charging(t), device, value: own };
  }
  function limitOfDischarging(t: number): ConflictingLimit {
    const own = valueAt(problem.dischargePowerMaxMw, t);
    return limits.powerMin[t]! > -own
      ? { constraint: 'site-production-capacity', value: valueAt(problem.siteProductionCapacityMw!, t) }
      : { constraint: names.discharging(t), device, value: own };
  }
}
