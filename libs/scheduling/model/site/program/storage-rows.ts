import { stockPerMwCharged, stockPerMwDischarged, type StockDevice, valueAt } from '../../problem/stock';
import type { StoragePlan } from '../problem/prepared-site';
import type { Capacity, SocBound } from '../problem/site-problem';
import type { Restrictions } from '../problem/restrictions';
import type { SiteProgramBuilder } from './site-program-builder';

/** Columns of one storage by step; -1 where there is none. */
export interface StorageColumns {
  /** MW per unit of the charging and discharging columns. */
  unitMw: number;
  charging: Int32Array;
  discharging: Int32Array;
  /** Stock units above the stock at start, at the end of the step. */
  stock: Int32Array;
}

/**
 * Adds a storage: per step what it charges, what it discharges, and its stock as a recursion.
 *
 * @param tightening of the whole site, of which `index` is the storage's part
 */
export function addStorage(
  parts: SiteProgramBuilder,
  plan: StoragePlan,
  { storageSteps, usesBinaries: isWhole, directions }: Restrictions,
  index: number,
): StorageColumns {
  const { limits, stockProblem: scaled } = plan;
  const columns = addPowers(parts, plan, directions?.[index]);
  const stockDevice: StockDevice = { ...plan.device, stepHours: parts.frame.problem.stepHours };
  for (let t = 0; t < scaled.steps; t++) {
    const [charging, discharging] = [columns.charging[t]!, columns.discharging[t]!];
    if (storageSteps[index]!.has(t) && charging >= 0 && discharging >= 0) {
      const [most, least] = [limits.powerMax[t]! / columns.unitMw, -limits.powerMin[t]! / columns.unitMw];
      parts.addExclusion(isWhole, charging, most, discharging, least);
    }
    addStockRow(parts, plan, stockDevice, columns, t);
  }
  addCapacity(parts, plan.device.consumptionCapacity, columns.charging, columns.unitMw);
  addCapacity(parts, plan.device.productionCapacity, columns.discharging, columns.unitMw);
  addSocBound(parts, plan, columns, plan.device.socMinima, -1);
  addSocBound(parts, plan, columns, plan.device.socMaxima, 1);
  return columns;
}

function addPowers(
  parts: SiteProgramBuilder,
  { limits, stockProblem: scaled, slope }: StoragePlan,
  directions?: Int8Array,
) {
  const { powerMin, powerMax } = limits;
  let unitMw = 0;
  for (let t = 0; t < scaled.steps; t++) unitMw = Math.max(unitMw, powerMax[t]!, -powerMin[t]!);
  unitMw ||= 1;
  const none = () => new Int32Array(scaled.steps).fill(-1);
  const columns: StorageColumns = { unitMw, charging: none(), discharging: none(), stock: none() };
  for (let t = 0; t < scaled.steps; t++) {
    const direction = directions?.[t] ?? 0;
    if (powerMax[t]! > 0 && direction >= 0) {
      columns.charging[t] = parts.addPower(t, unitMw, slope, 0, powerMax[t]! / unitMw);
    }
    if (powerMin[t]! < 0 && direction <= 0) {
      columns.discharging[t] = parts.addPower(t, -unitMw, slope, 0, -powerMin[t]! / unitMw);
    }
    columns.stock[t] = parts.builder.addColumn(0, scaled.stockMin[t + 1]!, scaled.stockMax[t + 1]!);
  }
  return columns;
}

function addStockRow(
  { builder }: SiteProgramBuilder,
  { stockProblem: scaled }: StoragePlan,
  device: StockDevice,
  { unitMw, charging, discharging, stock }: StorageColumns,
  t: number,
): void {
  const columns = [stock[t]!];
  const coefficients = [1];
  const add = (column: number, coefficient: number) => {
    if (column < 0) return;
    columns.push(column);
    coefficients.push(coefficient);
  };
  if (t > 0) add(stock[t - 1]!, -scaled.retention[t]!);
  add(charging[t]!, (-stockPerMwCharged(device, t) * unitMw) / scaled.stockUnitMwh);
  add(discharging[t]!, (stockPerMwDischarged(device, t) * unitMw) / scaled.stockUnitMwh);
  builder.addRow(scaled.inflow[t]!, scaled.inflow[t]!, columns, coefficients);
}

function addCapacity(
  parts: SiteProgramBuilder,
  capacity: Capacity | undefined,
  power: Int32Array,
  unitMw: number,
): void {
  if (!capacity?.breach) return;
  const over = Array.from(power, (column, t) => ({
    t,
    column,
    sign: 1 as const,
    limit: valueAt(capacity.mw, t) / unitMw,
  })).filter(({ column }) => column >= 0);
  parts.addBreach(capacity.breach, unitMw, over);
}

function addSocBound(
  parts: SiteProgramBuilder,
  { device, stockProblem: scaled }: StoragePlan,
  { stock }: StorageColumns,
  bound: SocBound | undefined,
  sign: 1 | -1,
): void {
  if (!bound?.breach) return;
  const over = Array.from(bound.mwh, (mwh, t) => ({
    t,
    column: stock[t]!,
    sign,
    limit: (sign * (mwh - device.socAtStartMwh)) / scaled.stockUnitMwh,
  })).filter(({ limit }) => !Number.isNaN(limit));
  parts.addBreach(bound.breach, scaled.stockUnitMwh, over);
}
