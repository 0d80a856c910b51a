import type { Labels, LinearProgram } from '#lib/solver/model';
import { valueAt } from '../../problem/stock';
import type { PreparedMeter, PreparedSite } from '../problem/prepared/prepared-site';
import type { Restrictions } from '../problem/prepared/restrictions';
import type { Capacity, Peak } from '../problem/site-problem';
import { hardLimitAt } from '../problem/storage-view';
import { addCouplings } from './coupling-rows';
import { addFlexible, addSharedStock, type FlexibleColumns } from './flexible-rows';
import { addProcess, type ProcessColumns } from './process-rows';
import { type NetColumns, SiteProgramBuilder } from './site-program-builder';
import { addStorage, type StorageColumns } from './storage-rows';

/** A linear program of a site, and the meaning of its columns. Costs in money units, powers in power units. */
export interface SiteProgram {
  program: LinearProgram;
  labels: Labels;
  storages: StorageColumns[];
  processes: ProcessColumns[];
  /** By curtailable device: one column per step. */
  curtailables: Int32Array[];
  flexibles: FlexibleColumns[];
  /** By meter and step; undefined if devices are not coupled. */
  net: (NetColumns | undefined)[][];
  /** By meter and step: the row of the power balance, -1 if devices are not coupled. */
  balanceRows: Int32Array[];
}

/** Builds the linear relaxation of a site, with the given restrictions. */
export function buildSiteProgram(site: PreparedSite, restrictions: Restrictions): SiteProgram {
  const parts = new SiteProgramBuilder(site);
  const storages = site.storages.map((plan, k) => addStorage(parts, plan, restrictions, k));
  const processes = site.processes.map((plan, k) => addProcess(parts, plan, restrictions, k));
  const curtailables = site.curtailables.map(({ device, index, slope }) =>
    Int32Array.from(device.forecastMw, (forecast, t) =>
      parts.addPower(index, t, site.powerUnitMw, slope, -forecast / site.powerUnitMw, 0),
    ),
  );
  const flexibles = site.flexibles.map((plan) => addFlexible(parts, plan, restrictions));
  site.stocks.forEach((plan, k) => addSharedStock(parts, plan, k, flexibles));
  addCouplings(parts);
  const net: (NetColumns | undefined)[][] = [];
  const balanceRows: Int32Array[] = [];
  for (const m of site.meters.keys()) {
    const added = addMeter(parts, m, restrictions);
    net.push(added.net);
    balanceRows.push(added.balanceRows);
  }
  parts.label('rank', 0, 0);
  parts.ranks.addTotals();
  const devices = { storages, processes, curtailables, flexibles };
  return { program: parts.builder.build(), labels: parts.labels, ...devices, net, balanceRows };
}

function addMeter(parts: SiteProgramBuilder, m: number, restrictions: Restrictions) {
  const meter = parts.site.meters[m]!;
  const balanceRows = new Int32Array(parts.site.problem.steps).fill(-1);
  const net = Array.from(meter.isCoupled, (coupled, t) => {
    if (!coupled) return undefined;
    parts.label('net power', m, t);
    const columns = addNet(parts, meter, t, restrictions, m);
    balanceRows[t] = parts.addBalanceRow(m, t, columns);
    return columns;
  });
  addPricedLimits(parts, net, 1, meter.consumptionCapacity, meter.consumptionPeak);
  addPricedLimits(parts, net, -1, meter.productionCapacity, meter.productionPeak);
  return { net, balanceRows };
}

/** Adds the net power of step t: one column if one price applies, otherwise one for imports and one for exports. */
function addNet(
  parts: SiteProgramBuilder,
  meter: PreparedMeter,
  t: number,
  { meterSteps, meterDirections, usesBinaries }: Restrictions,
  m: number,
): NetColumns {
  const { problem, powerUnitMw, moneyUnit } = parts.site;
  const importMax = Math.min(meter.highestNetMw[t]!, hardLimitAt(meter.consumptionCapacity, t));
  const exportMax = Math.min(-meter.lowestNetMw[t]!, hardLimitAt(meter.productionCapacity, t));
  const [upper, lower] = [importMax / powerUnitMw, -exportMax / powerUnitMw];
  const scale = (problem.stepHours * powerUnitMw) / moneyUnit;
  const consumption = meter.consumptionPrices[t]! * scale;
  const production = meter.productionPrices[t]! * scale;
  if (consumption === production || lower >= 0 || upper <= 0) {
    const price = lower >= 0 ? consumption : production;
    return { imported: parts.builder.addColumn(price, lower, upper), exported: -1 };
  }
  const direction = meterDirections?.[m]?.[t] ?? 0;
  const imported = parts.builder.addColumn(consumption, 0, direction < 0 ? 0 : upper);
  const exported = parts.builder.addColumn(-production, 0, direction > 0 ? 0 : -lower);
  const choice = meterSteps[m]!.has(t)
    ? parts.addExclusion(usesBinaries, imported, upper, exported, -lower)
    : undefined;
  return { imported, exported, choice };
}

/** Adds the peak and the capacity with a price, of consumption (sign 1) or of production (sign -1). */
function addPricedLimits(
  parts: SiteProgramBuilder,
  net: (NetColumns | undefined)[],
  sign: 1 | -1,
  capacity: Capacity | undefined,
  peak: Peak | undefined,
): void {
  const { powerUnitMw } = parts.site;
  const limited = (limitMw: (t: number) => number) =>
    net.flatMap((columns, t) => {
      if (!columns) return [];
      const isSplit = sign === -1 && columns.exported >= 0;
      const column = isSplit ? columns.exported : columns.imported;
      return [{ t, column, sign: isSplit ? (1 as const) : sign, limit: limitMw(t) / powerUnitMw }];
    });
  if (capacity?.breach) {
    const overCapacity = limited((t) => valueAt(capacity.mw, t));
    parts.addPricedLimit(capacity.breach, powerUnitMw, overCapacity);
  }
  if (peak) {
    const overPeak = limited((t) => valueAt(peak.previousMw, t));
    parts.addPricedLimit({ highest: peak.pricePerMw }, powerUnitMw, overPeak);
  }
}
