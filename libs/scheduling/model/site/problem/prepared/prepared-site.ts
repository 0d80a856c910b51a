import { isInfeasible } from '../../../problem/reachable-stock';
import { type StepLimits, stepLimits } from '../../../problem/step-limits';
import { valueAt } from '../../../problem/stock';
import { type TieBreaks, tieBreaks } from '../../../problem/tie-breaks';
import { type StockProblem, toStockProblem } from '../../../stock/stock-problem';
import { type FlexiblePlan, prepareFlexible } from '../flexible-plan';
import { type Meter, metersOf } from '../meters';
import { narrowToModes } from '../modes';
import { allowedRuns, allowedSteps, earliestRun, type ProcessRun } from '../process-runs';
import type {
  Capacity,
  CurtailableDevice,
  Peak,
  ProcessDevice,
  SiteDevice,
  SiteProblem,
  StorageDevice,
} from '../site-problem';
import { prepareStocks, type StockPlan } from '../stock-plan';
import { hardLimitAt, isolatedStorage } from '../storage-view';

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

/** A meter with everything computed that does not depend on decisions. */
export interface PreparedMeter extends Meter {
  /** MW per step of its devices without decisions, above its baseline. */
  fixedPowerMw: Float64Array;
  /** MW; lowest and highest power that its devices can cause. Limits of the meter are not applied. */
  lowestNetMw: Float64Array;
  highestNetMw: Float64Array;
  /** 1 for steps in which the cost of a device's power depends on other devices of the meter. */
  isCoupled: Uint8Array;
  /** Currency per MWh of the power of any device of the meter in steps that are not coupled; 0 in coupled steps. */
  directPrices: Float64Array;
}

/** A site problem with everything computed that does not depend on decisions. */
export interface PreparedSite {
  problem: SiteProblem;
  /** MW per step of the devices without decisions, by index of the device. */
  fixed: Map<number, Float64Array>;
  storages: StoragePlan[];
  processes: ProcessPlan[];
  curtailables: CurtailablePlan[];
  flexibles: FlexiblePlan[];
  /** Shared stocks. */
  stocks: StockPlan[];
  ties: TieBreaks;
  /** The first one is the grid connection. */
  meters: PreparedMeter[];
  /** By index of the device: indices of its meters. */
  metersOfDevice: number[][];
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
  site.stocks = prepareStocks(problem, site.flexibles);
  for (const meter of site.meters) {
    addNetRange(site, meter);
    addCoupling(problem, meter);
  }
  addUnits(site);
  return site;
}

function emptySite(problem: SiteProblem): PreparedSite {
  const series = () => new Float64Array(problem.steps);
  const meters = metersOf(problem).map((meter): PreparedMeter => ({
    ...meter,
    fixedPowerMw: series(),
    lowestNetMw: series(),
    highestNetMw: series(),
    isCoupled: new Uint8Array(problem.steps),
    directPrices: series(),
  }));
  const metersOfDevice = problem.devices.map((): number[] => []);
  meters.forEach(({ members }, m) => {
    for (const index of members) metersOfDevice[index]!.push(m);
  });
  return {
    problem,
    fixed: new Map(),
    storages: [],
    processes: [],
    curtailables: [],
    flexibles: [],
    stocks: [],
    ties: tieBreaks(problem.consumptionPrices, problem.productionPrices, 'program'),
    meters,
    metersOfDevice,
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
    narrowToModes(limits.powerMin, limits.powerMax, device.modes);
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
  } else if (device.kind === 'flexible') {
    site.flexibles.push(prepareFlexible(device, index, steps, slopeIf(device.preferRunningSooner)));
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

function addNetRange(site: PreparedSite, meter: PreparedMeter): void {
  const { fixedPowerMw, lowestNetMw, highestNetMw, baselineMw } = meter;
  const members = new Set(meter.members);
  const isMember = ({ index }: { index: number }) => members.has(index);
  const fixed = [...site.fixed].filter(([index]) => members.has(index)).map(([, power]) => power);
  const [storages, curtailables] = [site.storages.filter(isMember), site.curtailables.filter(isMember)];
  const [processes, flexibles] = [site.processes.filter(isMember), site.flexibles.filter(isMember)];
  for (let t = 0; t < fixedPowerMw.length; t++) {
    if (baselineMw) fixedPowerMw[t]! -= baselineMw[t]!;
    for (const power of fixed) fixedPowerMw[t]! += power[t]!;
    lowestNetMw[t] = highestNetMw[t] = fixedPowerMw[t]!;
    for (const { limits } of storages) {
      lowestNetMw[t]! += limits.powerMin[t]!;
      highestNetMw[t]! += limits.powerMax[t]!;
    }
    for (const { powerMin, powerMax } of flexibles) {
      lowestNetMw[t]! += powerMin[t]!;
      highestNetMw[t]! += powerMax[t]!;
    }
    for (const { device } of curtailables) lowestNetMw[t]! -= device.forecastMw[t]!;
    for (const { device } of processes) {
      if (device.forbidden?.[t]) continue;
      lowestNetMw[t]! += Math.min(0, device.powerMw);
      highestNetMw[t]! += Math.max(0, device.powerMw);
    }
  }
}

/** Finds the steps that couple devices: by two prices, or by a capacity or peak that they could exceed. */
function addCoupling({ steps }: SiteProblem, meter: PreparedMeter): void {
  const { consumptionPrices, productionPrices, consumptionPeak, productionPeak } = meter;
  for (let t = 0; t < steps; t++) {
    const [lowest, highest] = [meter.lowestNetMw[t]!, meter.highestNetMw[t]!];
    const hasTwoPrices = consumptionPrices[t] !== productionPrices[t] && lowest < 0 && highest > 0;
    const canReachLimit =
      highest > lowestLimitAt(meter.consumptionCapacity, consumptionPeak, t) ||
      -lowest > lowestLimitAt(meter.productionCapacity, productionPeak, t);
    if (hasTwoPrices || canReachLimit) meter.isCoupled[t] = 1;
    else meter.directPrices[t] = lowest >= 0 ? consumptionPrices[t]! : productionPrices[t]!;
  }
}

/** MW in step t up to which power has no cost but its energy price. */
function lowestLimitAt(capacity: Capacity | undefined, peak: Peak | undefined, t: number): number {
  const pricedLimit = valueAt(capacity?.mw ?? Infinity, t);
  return Math.min(hardLimitAt(capacity, t), pricedLimit, peak ? valueAt(peak.previousMw, t) : Infinity);
}

function addUnits(site: PreparedSite): void {
  let power = 0;
  let price = 0;
  for (const meter of site.meters) {
    for (let t = 0; t < site.problem.steps; t++) {
      if (meter.kind !== 'commitment') {
        power = Math.max(power, meter.highestNetMw[t]!, -meter.lowestNetMw[t]!);
      }
      price = Math.max(price, Math.abs(meter.consumptionPrices[t]!), Math.abs(meter.productionPrices[t]!));
    }
  }
  site.powerUnitMw = power || 1;
  site.moneyUnit = (price || 1) * site.problem.stepHours * site.powerUnitMw;
}

/** Currency per MWh that the power of a device costs by itself in step t, at all of its meters. */
export function directPriceAt({ meters, metersOfDevice }: PreparedSite, index: number, t: number): number {
  let price = 0;
  for (const m of metersOfDevice[index]!) price += meters[m]!.directPrices[t]!;
  return price;
}

/** Whether only the grid connection relates the devices to each other. */
export const hasOnlyConnection = ({ meters, stocks, problem }: PreparedSite): boolean =>
  meters.length === 1 && stocks.length === 0 && (problem.couplings ?? []).length === 0;
