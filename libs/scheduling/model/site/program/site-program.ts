import type { LinearProgram } from '#lib/solver/model';
import { valueAt } from '../../problem/stock';
import type { PreparedSite } from '../problem/prepared-site';
import type { Restrictions } from '../problem/restrictions';
import type { Capacity, Peak } from '../problem/site-problem';
import { hardLimitAt } from '../problem/storage-view';
import { addProcess, type ProcessColumns } from './process-rows';
import { type NetColumns, SiteProgramBuilder } from './site-program-builder';
import { addStorage, type StorageColumns } from './storage-rows';

/** A linear program of a site, and the meaning of its columns. Costs in money units, powers in power units. */
export interface SiteProgram {
  program: LinearProgram;
  storages: StorageColumns[];
  processes: ProcessColumns[];
  /** By curtailable device: one column per step. */
  curtailables: Int32Array[];
  /** By step; undefined if devices are not coupled. */
  net: (NetColumns | undefined)[];
  /** By step: the row of the power balance, -1 if devices are not coupled. */
  balanceRows: Int32Array;
}

/** Builds the linear relaxation of a site, with the given restrictions. */
export function buildSiteProgram(site: PreparedSite, restrictions: Restrictions): SiteProgram {
  const parts = new SiteProgramBuilder(site);
  const storages = site.storages.map((plan, k) => addStorage(parts, plan, restrictions, k));
  const processes = site.processes.map((plan, k) =>
    addProcess(parts, plan, restrictions.usesBinaries && restrictions.processes.has(k)),
  );
  const curtailables = site.curtailables.map(({ device, slope }) =>
    Int32Array.from(device.forecastMw, (forecast, t) =>
      parts.addPower(t, site.powerUnitMw, slope, -forecast / site.powerUnitMw, 0),
    ),
  );
  const { net, balanceRows } = addConnection(parts, restrictions);
  const program = parts.builder.build();
  return { program, storages, processes, curtailables, net, balanceRows };
}

function addConnection(parts: SiteProgramBuilder, restrictions: Restrictions) {
  const { problem, isCoupled } = parts.site;
  const balanceRows = new Int32Array(problem.steps).fill(-1);
  const net = Array.from(isCoupled, (coupled, t) => {
    if (!coupled) return undefined;
    const columns = addNet(parts, t, restrictions);
    balanceRows[t] = parts.addBalanceRow(t, columns);
    return columns;
  });
  addPricedLimits(parts, net, 1, problem.consumptionCapacity, problem.consumptionPeak);
  addPricedLimits(parts, net, -1, problem.productionCapacity, problem.productionPeak);
  return { net, balanceRows };
}

/** Adds the net power of step t: one column if one price applies, otherwise one for imports and one for exports. */
function addNet(parts: SiteProgramBuilder, t: number, { siteSteps, usesBinaries }: Restrictions): NetColumns {
  const { problem, highestNetMw, lowestNetMw, powerUnitMw, moneyUnit } = parts.site;
  const importMax = Math.min(highestNetMw[t]!, hardLimitAt(problem.consumptionCapacity, t));
  const exportMax = Math.min(-lowestNetMw[t]!, hardLimitAt(problem.productionCapacity, t));
  const [upper, lower] = [importMax / powerUnitMw, -exportMax / powerUnitMw];
  const scale = (problem.stepHours * powerUnitMw) / moneyUnit;
  const consumption = problem.consumptionPrices[t]! * scale;
  const production = problem.productionPrices[t]! * scale;
  if (consumption === production || lower >= 0 || upper <= 0) {
    const price = lower >= 0 ? consumption : production;
    return { imported: parts.builder.addColumn(price, lower, upper), exported: -1 };
  }
  const imported = parts.builder.addColumn(consumption, 0, upper);
  const exported = parts.builder.addColumn(-production, 0, -lower);
  if (siteSteps.has(t)) parts.addExclusion(usesBinaries, imported, upper, exported, -lower);
  return { imported, exported };
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
