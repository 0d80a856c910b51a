import { addConflict, addLimit, type Conflict, type ConflictingLimit } from '../../conflicts/conflict';
import { type StepLimits, stepLimits } from '../../problem/step-limits';
import { simulateStock, stockWhenIdle, valueAt } from '../../problem/stock';
import type { StorageProblem } from '../../problem/storage-problem';
import { explainStorage, type ConstraintNames } from '../../storage/explain-storage';
import { siteCosts } from '../evaluate/site-costs';
import { constraintNames } from '../problem/constraint-names';
import { explainNoRun } from '../problem/process-runs';
import { hardLimitAt, storageView } from '../problem/prepared-site';
import type { SiteProblem, StorageDevice } from '../problem/site-problem';

/** MW and MWh by which a limit has to be missed to be worth telling. */
const worthTelling = 1e-6;

/** The conflicts that devices have on their own, whatever the rest of the site does. */
export function explainDevices(problem: SiteProblem): Conflict[] {
  return problem.devices.flatMap((device) => {
    if (device.kind === 'process') return explainNoRun(device, problem.steps) ?? [];
    if (device.kind !== 'storage') return [];
    const view = storageView(problem, device, new Float64Array(problem.steps));
    return explainStorage(view, device.name, constraintNames(device)).filter(isWorthTelling);
  });
}

/** Less than this is left to the optimiser's tolerances. */
const isWorthTelling = ({ needed, available }: Conflict): boolean => needed - available > 1e-9;

/**
 * What a schedule misses that misses as little as possible: where devices ask for too much together.
 *
 * @param powers MW per step, consumption positive, by device
 */
export function explainMissedLimits(problem: SiteProblem, powers: readonly Float64Array[]): Conflict[] {
  const scene = { problem, powers, netPowerMw: siteCosts(problem, powers).netPowerMw };
  return [
    ...explainCapacity(scene, 'site-consumption-capacity'),
    ...explainCapacity(scene, 'site-production-capacity'),
    ...problem.devices.flatMap((device, index) =>
      device.kind === 'storage' ? explainStocks(scene, device, powers[index]!) : [],
    ),
  ];
}

interface Scene {
  problem: SiteProblem;
  powers: readonly Float64Array[];
  netPowerMw: Float64Array;
}

type SiteCapacity = 'site-consumption-capacity' | 'site-production-capacity';

const signOf = (constraint: SiteCapacity) => (constraint === 'site-consumption-capacity' ? 1 : -1);

/** MW of the site in step t. */
function capacityAt({ problem }: Scene, constraint: SiteCapacity, t: number): number {
  const isConsumption = constraint === 'site-consumption-capacity';
  return hardLimitAt(isConsumption ? problem.consumptionCapacity : problem.productionCapacity, t);
}

/** One conflict for each time in which the capacity is exceeded without a break, with the numbers of its worst step. */
function explainCapacity(scene: Scene, constraint: SiteCapacity): Conflict[] {
  const { problem, netPowerMw } = scene;
  const excess = (t: number) => signOf(constraint) * netPowerMw[t]! - capacityAt(scene, constraint, t);
  const conflicts: Conflict[] = [];
  for (let t = 0; t < problem.steps; t++) {
    if (!(excess(t) > worthTelling)) continue;
    const from = t;
    let worst = t;
    for (; t < problem.steps && excess(t) > worthTelling; t++) if (excess(t) > excess(worst)) worst = t;
    conflicts.push({ ...exceeded(scene, constraint, worst), fromStep: from, step: from + 1, untilStep: t });
  }
  return conflicts;
}

function exceeded(scene: Scene, constraint: SiteCapacity, t: number): Conflict {
  const { problem, powers, netPowerMw } = scene;
  const sign = signOf(constraint);
  const wanted = capacityAt(scene, constraint, t);
  const nearest = sign * netPowerMw[t]!;
  let available = 0;
  const limitedBy: ConflictingLimit[] = [];
  problem.devices.forEach((device, index) => {
    if (device.kind === 'process') {
      if (sign * powers[index]![t]! > 0) addLimit(limitedBy, { constraint: 'duration', device: device.name });
      return;
    }
    if (device.kind !== 'storage') return;
    available += Math.max(0, -sign * powers[index]![t]!);
    addLimit(limitedBy, whatHolds(problem, device, powers[index]!, t, sign === 1 ? 'down' : 'up'));
  });
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

/** What keeps the power of a storage from going further down or up in step t: its power's limit, or else its stock's. */
function whatHolds(
  problem: SiteProblem,
  device: StorageDevice,
  power: Float64Array,
  t: number,
  direction: 'up' | 'down',
): ConflictingLimit {
  const view = storageView(problem, device, new Float64Array(problem.steps));
  const names = constraintNames(device);
  const isUp = direction === 'up';
  const most = valueAt(isUp ? view.chargePowerMaxMw : view.dischargePowerMaxMw, t);
  const isAtLimit = (isUp ? power[t]! : -power[t]!) >= most - worthTelling;
  if (isAtLimit) {
    return { constraint: (isUp ? names.charging : names.discharging)(t), device: device.name, value: most };
  }
  const next = view.socTargets?.find(({ step }) => step > t);
  return next
    ? { constraint: 'soc-target', device: device.name, value: next.socMwh }
    : { constraint: isUp ? 'soc-max' : 'soc-min', device: device.name };
}

/** The bounds of a storage's stock that are missed, with what held the stock before. */
function explainStocks(scene: Scene, device: StorageDevice, power: Float64Array): Conflict[] {
  const { problem } = scene;
  const view = storageView(problem, device, new Float64Array(problem.steps));
  const stocks: Stocks = {
    device,
    view,
    power,
    limits: stepLimits(view),
    names: constraintNames(device),
    targets: new Set(device.socTargets?.map(({ step }) => step)),
    soc: simulateStock(view, power, device.socAtStartMwh),
  };
  const conflicts: Conflict[] = [];
  for (let k = 1; k <= problem.steps; k++) {
    const [lower, upper] = [stocks.limits.socMin[k]!, stocks.limits.socMax[k]!];
    if (lower - stocks.soc[k]! > worthTelling) addConflict(conflicts, missed(scene, stocks, k, 'up'));
    if (stocks.soc[k]! - upper > worthTelling) addConflict(conflicts, missed(scene, stocks, k, 'down'));
  }
  return conflicts;
}

interface Stocks {
  device: StorageDevice;
  view: StorageProblem;
  power: Float64Array;
  limits: StepLimits;
  names: ConstraintNames;
  targets: Set<number>;
  /** MWh after k steps. */
  soc: Float64Array;
}

function missed(scene: Scene, stocks: Stocks, k: number, direction: 'up' | 'down'): Conflict {
  const { view, limits, soc, device } = stocks;
  const isUp = direction === 'up';
  const sign = isUp ? 1 : -1;
  const wanted = (isUp ? limits.socMin : limits.socMax)[k]!;
  const [fromStep, since] = lastHeld(stocks, k, direction);
  let idle = soc[fromStep]!;
  const limitedBy: ConflictingLimit[] = [];
  for (let t = fromStep; t < k; t++) {
    idle = stockWhenIdle(view, t, idle);
    addHolding(limitedBy, scene, stocks, t, direction);
  }
  return {
    kind: 'energy',
    constraint: boundName(stocks, k, isUp ? 'lower' : 'upper'),
    device: device.name,
    fromStep,
    step: k,
    untilStep: k,
    wanted,
    nearest: soc[k]!,
    needed: sign * (wanted - idle),
    available: sign * (soc[k]! - idle),
    driftMwh: idle - soc[fromStep]!,
    since,
    limitedBy,
  };
}

const boundName = ({ targets, names }: Stocks, k: number, side: 'lower' | 'upper') =>
  targets.has(k) ? 'soc-target' : names[side](k);

/** The last instant before k at which a bound kept the stock from being nearer to what is wanted at k. */
function lastHeld(stocks: Stocks, k: number, direction: 'up' | 'down'): [step: number, by: ConflictingLimit] {
  const { limits, soc, device } = stocks;
  for (let j = k - 1; j > 0; j--) {
    const room = direction === 'up' ? limits.socMax[j]! - soc[j]! : soc[j]! - limits.socMin[j]!;
    if (room > worthTelling) continue;
    const constraint = boundName(stocks, j, direction === 'up' ? 'upper' : 'lower');
    return [j, { constraint, device: device.name, value: soc[j]! }];
  }
  return [0, { constraint: 'soc-at-start', device: device.name, value: soc[0]! }];
}

/** Adds what keeps a storage from going further in step t: its power's limit, or the site's capacity. */
function addHolding(
  limitedBy: ConflictingLimit[],
  scene: Scene,
  { view, power, names, device }: Stocks,
  t: number,
  direction: 'up' | 'down',
): void {
  const isUp = direction === 'up';
  const most = valueAt(isUp ? view.chargePowerMaxMw : view.dischargePowerMaxMw, t);
  if ((isUp ? power[t]! : -power[t]!) >= most - worthTelling) {
    const constraint = (isUp ? names.charging : names.discharging)(t);
    addLimit(limitedBy, { constraint, device: device.name, value: most });
    return;
  }
  const constraint = isUp ? 'site-consumption-capacity' : 'site-production-capacity';
  const capacity = capacityAt(scene, constraint, t);
  if (signOf(constraint) * scene.netPowerMw[t]! >= capacity - worthTelling) {
    addLimit(limitedBy, { constraint, value: capacity });
  }
}
