import { isInfeasible } from '../../problem/reachable-stock';
import { type StepLimits, stepLimits } from '../../problem/step-limits';
import { valueAt } from '../../problem/stock';
import { type TieBreaks, tieBreaks } from '../../problem/tie-breaks';
import { type StockProblem, toStockProblem } from '../../stock/stock-problem';
import { allowedRuns, allowedSteps, earliestRun, type ProcessRun } from './process-runs';
import type {
  Capacity,
  CurtailableDevice,
  Peak,
  ProcessDevice,
  SiteDevice,
  SiteProblem,
  StorageDevice,
} from './site-problem';
import { hardLimitAt, isolatedStorage } from './storage-view';

/** A storage of the site, with its limits per step. */
export interface StoragePlan {
  /** Index among the problem's devices. */
  index: number;
  device: StorageDevice;
  limits: StepLimits;
  stockProblem: StockProblem;
  /** Currency per MWh to add to the site's prices. */
  slope: Float64Array;
}

/** A process whose time is to be chosen. */
export interface ProcessPlan {
  index: number;
  device: ProcessDevice;
  /** For BREAKABLE processes, steps in which it can run. */
  steps: number[];
  /** For SHIFTABLE processes. */
  runs: ProcessRun[];
  slope: Float64Array;
}

export interface CurtailablePlan {
  index: number;
  device: CurtailableDevice;
  /** Currency per MWh to add to the site's prices. */
  slope: Float64Array;
}

/** A site problem with everything computed that does not depend on decisions. */
export interface PreparedSite {
  problem: SiteProblem;
  /** MW per step of the devices without decisions, by index of the device. */
  fixed: Map<number, Float64Array>;
  /** Their sum. */
  fixedPowerMw: Float64Array;
  storages: StoragePlan[];
  processes: ProcessPlan[];
  curtailables: CurtailablePlan[];
  ties: TieBreaks;
  /** MW; lowest and highest net power that the devices can cause. Limits of the site are not applied. */
  lowestNetMw: Float64Array;
  highestNetMw: Float64Array;
  /** 1 for steps in which the cost of a device's power depends on other devices. */
  isCoupled: Uint8Array;
  /** Currency per MWh of the power of any device in steps that are not coupled; 0 in coupled steps. */
  directPrices: Float64Array;
  /** MW that count as 1 in linear programs. */
  powerUnitMw: number;
  /** Currency that counts as 1 in linear programs. */
  moneyUnit: number;
}

/** @returns undefined if a storage cannot meet its own limits, whatever the other devices do */
export function prepareSite(problem: SiteProblem): PreparedSite | undefined {
  const site = emptySite(problem);
  for (const [index, device] of problem.devices.entries()) {
    if (!addDevice(site, device, index)) return undefined;
  }
  addNetRange(site);
  addCoupling(site);
  addUnits(site);
  return site;
}

function emptySite(problem: SiteProblem): PreparedSite {
  const series = () => new Float64Array(problem.steps);
  return {
    problem,
    fixed: new Map(),
    fixedPowerMw: series(),
    storages: [],
    processes: [],
    curtailables: [],
    ties: tieBreaks(problem.consumptionPrices, problem.productionPrices, 'program'),
    lowestNetMw: series(),
    highestNetMw: series(),
    isCoupled: new Uint8Array(problem.steps),
    directPrices: series(),
    powerUnitMw: 1,
    moneyUnit: 1,
  };
}

/** @returns whether the device can meet its own limits */
function addDevice(site: PreparedSite, device: SiteDevice, index: number): boolean {
  const { steps } = site.problem;
  const slopeIf = (isWanted: boolean) => (isWanted ? site.ties.sooner : new Float64Array(steps));
  if (device.kind === 'storage') {
    const storage = isolatedStorage(site.problem, device);
    const limits = stepLimits(storage);
    const stockProblem = toStockProblem(storage, limits);
    if (isInfeasible(stockProblem)) return false;
    site.storages.push({
      index,
      device,
      limits,
      stockProblem,
      slope: slopeIf(device.preferChargingSooner),
    });
  } else if (device.kind === 'curtailable') {
    const { earlyCurtailment, curtailment } = site.ties;
    const slope = device.prefersCurtailingSooner ? earlyCurtailment : curtailment;
    site.curtailables.push({ index, device, slope });
  } else if (device.kind === 'inflexible') {
    site.fixed.set(index, device.powerMw);
  } else if (device.type === 'INFLEXIBLE') {
    site.fixed.set(index, earliestRun(device, steps));
  } else {
    const isShiftable = device.type === 'SHIFTABLE';
    site.processes.push({
      index,
      device,
      steps: isShiftable ? [] : allowedSteps(device, steps),
      runs: isShiftable ? allowedRuns(device, steps) : [],
      slope: slopeIf(device.preferRunningSooner),
    });
  }
  return true;
}

function addNetRange(site: PreparedSite): void {
  const { fixedPowerMw, lowestNetMw, highestNetMw } = site;
  for (let t = 0; t < fixedPowerMw.length; t++) {
    for (const power of site.fixed.values()) fixedPowerMw[t]! += power[t]!;
    lowestNetMw[t] = highestNetMw[t] = fixedPowerMw[t]!;
    for (const { limits } of site.storages) {
      lowestNetMw[t]! += limits.powerMin[t]!;
      highestNetMw[t]! += limits.powerMax[t]!;
    }
    for (const { device } of site.curtailables) lowestNetMw[t]! -= device.forecastMw[t]!;
    for (const { device } of site.processes) {
      if (device.forbidden?.[t]) continue;
      lowestNetMw[t]! += Math.min(0, device.powerMw);
      highestNetMw[t]! += Math.max(0, device.powerMw);
    }
  }
}

/** Finds the steps that couple devices: by two prices, or by a capacity or peak that they could exceed. */
function addCoupling({ problem, isCoupled, directPrices, lowestNetMw, highestNetMw }: PreparedSite): void {
  const { consumptionPrices, productionPrices, consumptionPeak, productionPeak } = problem;
  for (let t = 0; t < problem.steps; t++) {
    const [lowest, highest] = [lowestNetMw[t]!, highestNetMw[t]!];
    const hasTwoPrices = consumptionPrices[t] !== productionPrices[t] && lowest < 0 && highest > 0;
    const canReachLimit =
      highest > lowestLimitAt(problem.consumptionCapacity, consumptionPeak, t) ||
      -lowest > lowestLimitAt(problem.productionCapacity, productionPeak, t);
    if (hasTwoPrices || canReachLimit) isCoupled[t] = 1;
    else directPrices[t] = lowest >= 0 ? consumptionPrices[t]! : productionPrices[t]!;
  }
}

/** MW in step t up to which power has no cost but its energy price. */
function lowestLimitAt(capacity: Capacity | undefined, peak: Peak | undefined, t: number): number {
  const pricedLimit = valueAt(capacity?.mw ?? Infinity, t);
  return Math.min(hardLimitAt(capacity, t), pricedLimit, peak ? valueAt(peak.previousMw, t) : Infinity);
}

function addUnits(site: PreparedSite): void {
  const { problem, lowestNetMw, highestNetMw } = site;
  let power = 0;
  let price = 0;
  for (let t = 0; t < problem.steps; t++) {
    power = Math.max(power, highestNetMw[t]!, -lowestNetMw[t]!);
    price = Math.max(price, Math.abs(problem.consumptionPrices[t]!), Math.abs(problem.productionPrices[t]!));
  }
  site.powerUnitMw = power || 1;
  site.moneyUnit = (price || 1) * problem.stepHours * site.powerUnitMw;
}
