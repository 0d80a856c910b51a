import type { LinearProgram } from '#lib/solver/model';
import { valueAt } from '../../problem/stock';
import { hardLimitAt, type PreparedSite } from '../problem/prepared-site';
import type { Capacity, Peak } from '../problem/site-problem';
import type { Restrictions } from '../problem/restrictions';
import { addProcess, type ProcessColumns } from './process-rows';
import { type NetColumns, SiteProgramBuilder } from './site-program-builder';
import { addStorage, type StorageColumns } from './storage-rows';

/** A linear program of a site, and which column means what. Costs in money units, powers in power units. */
export interface SiteProgram {
  program: LinearProgram;
  storages: StorageColumns[];
  processes: ProcessColumns[];
  curtailables: Int32Array[];
  /** By step; undefined where devices are not coupled. */
  net: (NetColumns | undefined)[];
  /** By step: the row of the power balance, -1 where devices are not coupled. */
  balanceRows: Int32Array;
}

/** The linear relaxation of a site, tightened where asked. */
export function buildSiteProgram(frame: PreparedSite, tightening: Restrictions): SiteProgram {
  const parts = new SiteProgramBuilder(frame);
  const storages = frame.storages.map((plan, k) => addStorage(parts, plan, tightening, k));
  const processes = frame.processes.map((plan, k) =>
    addProcess(parts, plan, tightening.usesBinaries && tightening.processes.has(k)),
  );
  const curtailables = frame.curtailables.map(({ device }) =>
    Int32Array.from(device.forecastMw, (forecast, t) =>
      parts.addPower(t, frame.powerUnitMw, noSlope(frame), -forecast / frame.powerUnitMw, 0),
    ),
  );
  const { net, balanceRows } = addSite(parts, tightening);
  const program = parts.builder.build();
  return { program, storages, processes, curtailables, net, balanceRows };
}

const noSlope = ({ problem }: PreparedSite) => new Float64Array(problem.steps);

function addSite(parts: SiteProgramBuilder, tightening: Restrictions) {
  const { frame } = parts;
  const { problem } = frame;
  const balanceRows = new Int32Array(problem.steps).fill(-1);
  const net = Array.from(frame.isCoupled, (isCoupled, t) => {
    if (!isCoupled) return undefined;
    const columns = addNet(parts, t, tightening);
    balanceRows[t] = parts.addBalanceRow(t, columns);
    return columns;
  });
  addLimits(parts, net, 1, problem.consumptionCapacity, problem.consumptionPeak);
  addLimits(parts, net, -1, problem.productionCapacity, problem.productionPeak);
  return { net, balanceRows };
}

function addNet(
  parts: SiteProgramBuilder,
  t: number,
  { siteSteps, usesBinaries: isWhole }: Restrictions,
): NetColumns {
  const { problem, highestNetMw, lowestNetMw, powerUnitMw, moneyUnit } = parts.frame;
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
  if (siteSteps.has(t)) parts.addExclusion(isWhole, imported, upper, exported, -lower);
  return { imported, exported };
}

/** Peaks and limits with a price, of consumption (sign 1) or production (sign -1). */
function addLimits(
  parts: SiteProgramBuilder,
  net: (NetColumns | undefined)[],
  sign: 1 | -1,
  capacity: Capacity | undefined,
  peak: Peak | undefined,
): void {
  const { powerUnitMw } = parts.frame;
  const over = (limit: (t: number) => number) =>
    net.flatMap((columns, t) => {
      if (!columns) return [];
      const isSplit = sign === -1 && columns.exported >= 0;
      const column = isSplit ? columns.exported : columns.imported;
      return [{ t, column, sign: isSplit ? (1 as const) : sign, limit: limit(t) / powerUnitMw }];
    });
  if (capacity?.breach)
    parts.addBreach(
      capacity.breach,
      powerUnitMw,
      over((t) => valueAt(capacity.mw, t)),
    );
  if (peak)
    parts.addBreach(
      { highest: peak.pricePerMw },
      powerUnitMw,
      over(() => peak.previousMw),
    );
}
