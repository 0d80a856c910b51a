import { priceSlope } from '../../problem/price-slope';
import type { Infeasibility } from '../../problem/reachable-stock';
import { type StepLimits, stepLimits } from '../../problem/step-limits';
import { type Series, valueAt } from '../../problem/stock';
import type { StorageProblem } from '../../problem/storage-problem';
import { type StockProblem, toStockProblem } from '../../stock/stock-problem';
import { allowedStarts, allowedSteps, runFrom } from './process-runs';
import type { Capacity, CurtailableDevice, ProcessDevice, SiteProblem, StorageDevice } from './site-problem';

/** A storage of the site, with its limits per step. */
export interface StoragePlan {
  /** Index among the problem's devices. */
  index: number;
  device: StorageDevice;
  limits: StepLimits;
  stockProblem: StockProblem;
  /** Currency per MWh on top of the site's prices. */
  slope: Float64Array;
}

/** A process whose time is to be chosen: among starts, or among steps where it may break. */
export interface ProcessPlan {
  index: number;
  device: ProcessDevice;
  choices: number[];
  slope: Float64Array;
}

export interface CurtailablePlan {
  index: number;
  device: CurtailableDevice;
}

/** A site problem with everything worked out that does not depend on decisions. */
export interface PreparedSite {
  problem: SiteProblem;
  /** MW per step of all devices about which there is nothing to decide; by device, and their sum. */
  fixed: Map<number, Float64Array>;
  fixedPowerMw: Float64Array;
  storages: StoragePlan[];
  processes: ProcessPlan[];
  curtailables: CurtailablePlan[];
  /** MW that the site's net power cannot leave, whatever the devices do; limits of the site are not counted. */
  lowestNetMw: Float64Array;
  highestNetMw: Float64Array;
  /** 1 for steps in which the devices have to look at each other. In all others their power has a price of its own. */
  isCoupled: Uint8Array;
  /** Currency per MWh of any device's power in steps that are not coupled; 0 in the others. */
  directPrices: Float64Array;
  /** MW and currency that count as 1 in programs. */
  powerUnitMw: number;
  moneyUnit: number;
}

/** A storage that cannot keep its own limits, whatever the site does. */
export interface InfeasibleStorage {
  view: StorageProblem;
  name: string;
  infeasibility: Infeasibility;
}

/** @returns the frame, or the first storage that has no schedule even on its own */
export function prepareSite(problem: SiteProblem): PreparedSite | InfeasibleStorage {
  const { steps, consumptionPrices, productionPrices } = problem;
  const slope = priceSlope(consumptionPrices, productionPrices);
  const none = new Float64Array(steps);
  const frame = emptyFrame(problem);
  for (const [index, device] of problem.devices.entries()) {
    if (device.kind === 'storage') {
      const view = storageView(problem, device, none);
      const limits = stepLimits(view);
      const scaled = toStockProblem(view, limits);
      if ('kind' in scaled) return { view, name: device.name, infeasibility: scaled };
      frame.storages.push({
        index,
        device,
        limits,
        stockProblem: scaled,
        slope: device.preferChargingSooner ? slope : none,
      });
    } else if (device.kind === 'curtailable') {
      frame.curtailables.push({ index, device });
    } else if (device.kind === 'inflexible') {
      frame.fixed.set(index, device.powerMw);
    } else if (device.type === 'INFLEXIBLE') {
      frame.fixed.set(index, runFrom(device, steps, allowedStarts(device, steps)[0]));
    } else {
      const choices = (device.type === 'SHIFTABLE' ? allowedStarts : allowedSteps)(device, steps);
      frame.processes.push({ index, device, choices, slope: device.preferRunningSooner ? slope : none });
    }
  }
  addNetRange(frame);
  addCoupling(frame);
  addUnits(frame);
  return frame;
}

export const isInfeasibleStorage = (frame: PreparedSite | InfeasibleStorage): frame is InfeasibleStorage =>
  'infeasibility' in frame;

/** A storage as a problem of its own, at one price for consumption and production. */
export function storageView(
  { steps, stepHours }: SiteProblem,
  device: StorageDevice,
  prices: Float64Array,
): StorageProblem {
  return {
    ...device,
    steps,
    stepHours,
    consumptionPrices: prices,
    productionPrices: prices,
    chargePowerMaxMw: lowerOf(steps, device.chargePowerMaxMw, hardLimit(device.consumptionCapacity)),
    dischargePowerMaxMw: lowerOf(steps, device.dischargePowerMaxMw, hardLimit(device.productionCapacity)),
    ...hardSocBounds(device, steps),
  };
}

/** MW that are never exceeded, not even at a price. For single steps there is hardLimitAt. */
export function hardLimit(capacity: Capacity | undefined): Series {
  if (!capacity) return Infinity;
  const { mw, breach, hardLimitMw: atMostMw = Infinity } = capacity;
  if (breach) return atMostMw;
  if (typeof atMostMw !== 'number') return lowerOf(atMostMw.length, mw, atMostMw);
  if (atMostMw === Infinity) return mw;
  return typeof mw === 'number' ? Math.min(mw, atMostMw) : lowerOf(mw.length, mw, atMostMw);
}

/** As hardLimit, in step t. */
export function hardLimitAt(capacity: Capacity | undefined, t: number): number {
  if (!capacity) return Infinity;
  const { mw, breach, hardLimitMw: atMostMw = Infinity } = capacity;
  return breach ? valueAt(atMostMw, t) : Math.min(valueAt(mw, t), valueAt(atMostMw, t));
}

function lowerOf(steps: number, a: Series, b: Series): Float64Array {
  const lower = new Float64Array(steps);
  for (let t = 0; t < steps; t++) lower[t] = Math.min(valueAt(a, t), valueAt(b, t));
  return lower;
}

const asSeries = (value: Series, steps: number): Float64Array =>
  typeof value === 'number' ? new Float64Array(steps).fill(value) : value.slice();

/** Soc bounds together with those minima and maxima that have no price. */
function hardSocBounds({ socMinMwh, socMaxMwh, socMinima, socMaxima }: StorageDevice, steps: number) {
  const [min, max] = [asSeries(socMinMwh, steps), asSeries(socMaxMwh, steps)];
  for (let t = 0; t < steps; t++) {
    const lower = socMinima?.breach ? NaN : socMinima?.mwh[t];
    const upper = socMaxima?.breach ? NaN : socMaxima?.mwh[t];
    if (lower !== undefined && !Number.isNaN(lower)) min[t] = Math.max(min[t]!, lower);
    if (upper !== undefined && !Number.isNaN(upper)) max[t] = Math.min(max[t]!, upper);
  }
  return { socMinMwh: min, socMaxMwh: max };
}

function emptyFrame(problem: SiteProblem): PreparedSite {
  const series = () => new Float64Array(problem.steps);
  return {
    problem,
    fixed: new Map(),
    fixedPowerMw: series(),
    storages: [],
    processes: [],
    curtailables: [],
    lowestNetMw: series(),
    highestNetMw: series(),
    isCoupled: new Uint8Array(problem.steps),
    directPrices: series(),
    powerUnitMw: 1,
    moneyUnit: 1,
  };
}

function addNetRange(frame: PreparedSite): void {
  const { fixedPowerMw, lowestNetMw, highestNetMw } = frame;
  for (let t = 0; t < fixedPowerMw.length; t++) {
    for (const power of frame.fixed.values()) fixedPowerMw[t]! += power[t]!;
    lowestNetMw[t] = highestNetMw[t] = fixedPowerMw[t]!;
    for (const { limits } of frame.storages) {
      lowestNetMw[t]! += limits.powerMin[t]!;
      highestNetMw[t]! += limits.powerMax[t]!;
    }
    for (const { device } of frame.curtailables) lowestNetMw[t]! -= device.forecastMw[t]!;
    for (const { device } of frame.processes) {
      if (device.forbidden?.[t]) continue;
      lowestNetMw[t]! += Math.min(0, device.powerMw);
      highestNetMw[t]! += Math.max(0, device.powerMw);
    }
  }
}

function addCoupling({ problem, isCoupled, directPrices, lowestNetMw, highestNetMw }: PreparedSite): void {
  const { consumptionPrices, productionPrices, consumptionPeak, productionPeak } = problem;
  const limitOf = (capacity: Capacity | undefined, peak: typeof consumptionPeak, t: number) => {
    const hard = hardLimitAt(capacity, t);
    const soft = valueAt(capacity?.mw ?? Infinity, t);
    return Math.min(hard, soft, peak ? peak.previousMw : Infinity);
  };
  for (let t = 0; t < problem.steps; t++) {
    const [lowest, highest] = [lowestNetMw[t]!, highestNetMw[t]!];
    const hasTwoPrices = consumptionPrices[t] !== productionPrices[t] && lowest < 0 && highest > 0;
    const mayReachLimit =
      highest > limitOf(problem.consumptionCapacity, consumptionPeak, t) ||
      -lowest > limitOf(problem.productionCapacity, productionPeak, t);
    if (hasTwoPrices || mayReachLimit) isCoupled[t] = 1;
    else directPrices[t] = lowest >= 0 ? consumptionPrices[t]! : productionPrices[t]!;
  }
}

function addUnits(frame: PreparedSite): void {
  const { problem, lowestNetMw, highestNetMw } = frame;
  let power = 0;
  let price = 0;
  for (let t = 0; t < problem.steps; t++) {
    power = Math.max(power, highestNetMw[t]!, -lowestNetMw[t]!);
    price = Math.max(price, Math.abs(problem.consumptionPrices[t]!), Math.abs(problem.productionPrices[t]!));
  }
  frame.powerUnitMw = power || 1;
  frame.moneyUnit = (price || 1) * problem.stepHours * frame.powerUnitMw;
}
