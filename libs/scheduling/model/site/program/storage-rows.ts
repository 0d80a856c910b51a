import {
  stockChange,
  type StockDevice,
  stockPerMwCharged,
  stockPerMwDischarged,
  valueAt,
} from '../../problem/stock';
import { tieCost } from '../../problem/tie-breaks';
import type { StoragePlan } from '../problem/prepared/prepared-site';
import type { Restrictions } from '../problem/prepared/restrictions';
import type { Capacity, SocBound } from '../problem/site-problem';
import { addModes, type DirectionColumns, type FixedModes, fixedModes, rangeInMode } from './mode-rows';
import type { LimitedColumn, SiteProgramBuilder } from './site-program-builder';

/** Columns of one storage by step; -1 for none. */
export interface StorageColumns extends DirectionColumns {
  /** MW per unit of the charging and discharging columns. */
  unitMw: number;
  /** Stock units above the stock at start, at the end of the step. */
  stock: Int32Array;
}

/**
 * Adds a storage: its charging power, its discharging power and its stock in each step.
 *
 * @param restrictions of the whole site; this storage has the given index in them
 */
export function addStorage(
  parts: SiteProgramBuilder,
  plan: StoragePlan,
  restrictions: Restrictions,
  index: number,
): StorageColumns {
  const { storageSteps, usesBinaries, directions } = restrictions;
  const { device, limits, stockProblem } = plan;
  const modes = fixedModes(restrictions, plan.index, device.modes);
  const columns = addPowersAndStocks(parts, plan, directions?.[index], modes);
  const stockDevice: StockDevice = { ...device, stepHours: parts.site.problem.stepHours };
  for (let t = 0; t < stockProblem.steps; t++) {
    const [charging, discharging] = [columns.charging[t]!, columns.discharging[t]!];
    if (storageSteps[index]!.has(t) && charging >= 0 && discharging >= 0) {
      const chargingMax = limits.powerMax[t]! / columns.unitMw;
      const dischargingMax = -limits.powerMin[t]! / columns.unitMw;
      parts.label('directions', plan.index, t);
      const choice = parts.addExclusion(usesBinaries, charging, chargingMax, discharging, dischargingMax);
      if (choice !== undefined) columns.choices.set(t, choice);
    }
    parts.label('stock', plan.index, t);
    addStockRow(parts, plan, stockDevice, columns, t);
  }
  if (usesBinaries && restrictions.modes.has(plan.index)) {
    columns.modes = addModes(parts, plan.index, device.modes!, columns, columns.unitMw);
  }
  addPricedCapacity(parts, device.consumptionCapacity, columns.charging, columns.unitMw);
  addPricedCapacity(parts, device.productionCapacity, columns.discharging, columns.unitMw);
  const { stockUnitMwh } = stockProblem;
  const scale = { stockUnitMwh, socAtStartMwh: device.socAtStartMwh };
  addPricedSocBound(parts, scale, columns.stock, device.socMinima, -1);
  addPricedSocBound(parts, scale, columns.stock, device.socMaxima, 1);
  return columns;
}

function addPowersAndStocks(
  parts: SiteProgramBuilder,
  { device, index, limits, stockProblem, slope }: StoragePlan,
  directions: Int8Array | undefined,
  modes: FixedModes | undefined,
): StorageColumns {
  const { powerMin, powerMax } = limits;
  const { steps, stockMin, stockMax } = stockProblem;
  let unitMw = 0;
  for (let t = 0; t < steps; t++) unitMw = Math.max(unitMw, powerMax[t]!, -powerMin[t]!);
  unitMw ||= 1;
  const stockDevice: StockDevice = { ...device, stepHours: parts.site.problem.stepHours };
  const { stepHours } = stockDevice;
  const { storage: ties } = parts.site.ties;
  const none = () => new Int32Array(steps).fill(-1);
  const powers = { charging: none(), discharging: none(), choices: new Map<number, number>() };
  const columns: StorageColumns = { unitMw, ...powers, stock: none() };
  const tieOf = (powerMw: number, t: number) =>
    tieCost(ties, powerMw, stepHours, stockChange(stockDevice, t, powerMw));
  for (let t = 0; t < steps; t++) {
    const direction = directions?.[t] ?? 0;
    const [lowest, highest] = rangeInMode(modes, t, powerMin[t]!, powerMax[t]!);
    if (highest > 0 && direction >= 0) {
      const [from, to] = [Math.max(0, lowest) / unitMw, highest / unitMw];
      columns.charging[t] = parts.addPower(index, t, unitMw, slope, from, to, tieOf(unitMw, t));
    }
    if (lowest < 0 && direction <= 0) {
      const [from, to] = [Math.max(0, -highest) / unitMw, -lowest / unitMw];
      columns.discharging[t] = parts.addPower(index, t, -unitMw, slope, from, to, tieOf(-unitMw, t));
    }
    parts.label('stock', index, t);
    columns.stock[t] = parts.builder.addColumn(0, stockMin[t + 1]!, stockMax[t + 1]!);
  }
  return columns;
}

/** stock[t] = retention * stock[t - 1] + inflow + charged - discharged. */
function addStockRow(
  { builder }: SiteProgramBuilder,
  { stockProblem }: StoragePlan,
  device: StockDevice,
  { unitMw, charging, discharging, stock }: StorageColumns,
  t: number,
): void {
  const { retention, inflow, stockUnitMwh } = stockProblem;
  const columns = [stock[t]!];
  const coefficients = [1];
  const add = (column: number, coefficient: number) => {
    if (column < 0) return;
    columns.push(column);
    coefficients.push(coefficient);
  };
  if (t > 0) add(stock[t - 1]!, -retention[t]!);
  add(charging[t]!, (-stockPerMwCharged(device, t) * unitMw) / stockUnitMwh);
  add(discharging[t]!, (stockPerMwDischarged(device, t) * unitMw) / stockUnitMwh);
  builder.addRow(inflow[t]!, inflow[t]!, columns, coefficients);
}

export function addPricedCapacity(
  parts: SiteProgramBuilder,
  capacity: Capacity | undefined,
  powerColumns: Int32Array,
  unitMw: number,
): void {
  if (!capacity?.breach) return;
  const limited = Array.from(powerColumns, (column, t): LimitedColumn => ({
    t,
    column,
    sign: 1,
    limit: valueAt(capacity.mw, t) / unitMw,
  }));
  parts.addPricedLimit(
    capacity.breach,
    unitMw,
    limited.filter(({ column }) => column >= 0),
  );
}

/** How stocks are scaled in a program. */
interface StockScale {
  /** MWh per unit. */
  stockUnitMwh: number;
  /** MWh that count as 0. */
  socAtStartMwh: number;
}

/**
 * Adds minima (sign -1) or maxima (sign 1) of a stock that have a price.
 *
 * @param stock column of the stock at the end of each step
 */
export function addPricedSocBound(
  parts: SiteProgramBuilder,
  { stockUnitMwh, socAtStartMwh }: StockScale,
  stock: Int32Array,
  bound: SocBound | undefined,
  sign: 1 | -1,
): void {
  if (!bound?.breach) return;
  const limited = Array.from(bound.mwh, (mwh, t): LimitedColumn => ({
    t,
    column: stock[t]!,
    sign,
    limit: (sign * (mwh - socAtStartMwh)) / stockUnitMwh,
  }));
  parts.addPricedLimit(
    bound.breach,
    stockUnitMwh,
    limited.filter(({ limit }) => !Number.isNaN(limit)),
  );
}
