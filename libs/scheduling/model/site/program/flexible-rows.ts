import { idleInflow, retention, stockPerMwCharged, stockPerMwDischarged } from '../../problem/stock';
import type { FlexiblePlan } from '../problem/flexible-plan';
import type { Restrictions } from '../problem/prepared/restrictions';
import { idleStockDevice, stockDeviceOf, type StockPlan } from '../problem/stock-plan';
import { addModes, type DirectionColumns, fixedModes, rangeInMode } from './mode-rows';
import type { SiteProgramBuilder } from './site-program-builder';
import { addPricedCapacity, addPricedSocBound } from './storage-rows';

/** Columns of one flexible device by step; -1 for none. */
export interface FlexibleColumns extends DirectionColumns {
  /** MW per unit of its columns. */
  unitMw: number;
}

/** Adds a flexible device: its consumption and its production in each step. */
export function addFlexible(
  parts: SiteProgramBuilder,
  { device, index, powerMin, powerMax, slope }: FlexiblePlan,
  restrictions: Restrictions,
): FlexibleColumns {
  let unitMw = 0;
  powerMax.forEach((mw, t) => (unitMw = Math.max(unitMw, mw, -powerMin[t]!)));
  unitMw ||= 1;
  const none = () => new Int32Array(powerMin.length).fill(-1);
  const columns: FlexibleColumns = { unitMw, charging: none(), discharging: none(), choices: new Map() };
  const modes = fixedModes(restrictions, index, device.modes);
  for (let t = 0; t < powerMin.length; t++) {
    const [lowest, highest] = rangeInMode(modes, t, powerMin[t]!, powerMax[t]!);
    if (highest > 0) {
      const [from, to] = [Math.max(0, lowest) / unitMw, highest / unitMw];
      columns.charging[t] = parts.addPower(index, t, unitMw, slope, from, to);
    }
    if (lowest < 0) {
      const [from, to] = [Math.max(0, -highest) / unitMw, -lowest / unitMw];
      columns.discharging[t] = parts.addPower(index, t, -unitMw, slope, from, to);
    }
    const [consumed, produced] = [columns.charging[t]!, columns.discharging[t]!];
    if (consumed < 0 || produced < 0 || !restrictions.flexibleSteps.get(index)?.has(t)) continue;
    parts.label('directions', index, t);
    const [most, least] = [highest / unitMw, lowest / unitMw];
    const choice = parts.addExclusion(restrictions.usesBinaries, consumed, most, produced, -least);
    if (choice !== undefined) columns.choices.set(t, choice);
  }
  if (restrictions.usesBinaries && restrictions.modes.has(index)) {
    columns.modes = addModes(parts, index, device.modes!, columns, unitMw);
  }
  addPricedCapacity(parts, device.consumptionCapacity, columns.charging, unitMw);
  addPricedCapacity(parts, device.productionCapacity, columns.discharging, unitMw);
  return columns;
}

/** Adds a shared stock: its bounds in each step, and how losses, usage, gain and its devices change it. */
export function addSharedStock(
  parts: SiteProgramBuilder,
  { stock, flexibles, socMin, socMax, unitMwh }: StockPlan,
  index: number,
  columnsOf: readonly FlexibleColumns[],
): void {
  const { site, builder } = parts;
  const idle = idleStockDevice(site.problem, stock);
  const links = flexibles.map((k) => ({
    columns: columnsOf[k]!,
    link: stockDeviceOf(site.problem, stock, site.flexibles[k]!.device.stock!),
  }));
  const { steps } = site.problem;
  const soc = Int32Array.from({ length: steps }, (_, t) => {
    parts.label('shared stock', index, t);
    return builder.addColumn(
      t === steps - 1 ? (-site.ties.storage.perStoredMwh * unitMwh) / site.moneyUnit : 0,
      (socMin[t + 1]! - stock.socAtStartMwh) / unitMwh,
      (socMax[t + 1]! - stock.socAtStartMwh) / unitMwh,
    );
  });
  for (let t = 0; t < steps; t++) {
    const kept = retention(idle, t);
    const columns = [soc[t]!];
    const coefficients = [1];
    const add = (column: number, coefficient: number) => {
      if (column < 0) return;
      columns.push(column);
      coefficients.push(coefficient);
    };
    if (t > 0) add(soc[t - 1]!, -kept);
    for (const { columns: own, link } of links) {
      add(own.charging[t]!, (-stockPerMwCharged(link, t) * own.unitMw) / unitMwh);
      add(own.discharging[t]!, (stockPerMwDischarged(link, t) * own.unitMw) / unitMwh);
    }
    parts.label('shared stock', index, t);
    const inflow = (idleInflow(idle, t) + (kept - 1) * stock.socAtStartMwh) / unitMwh;
    builder.addRow(inflow, inflow, columns, coefficients);
  }
  const scale = { stockUnitMwh: unitMwh, socAtStartMwh: stock.socAtStartMwh };
  addPricedSocBound(parts, scale, soc, stock.socMinima, -1);
  addPricedSocBound(parts, scale, soc, stock.socMaxima, 1);
}
