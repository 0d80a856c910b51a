import type { LinearProgram } from '#lib/solver/model';
import { valueAt } from '../stock';
import { addProcess, type ProcessColumns } from './process-rows';
import { hardLimit, type SiteFrame } from './site-frame';
import { type NetColumns, SiteProgramBuilder } from './site-program-builder';
import type { Capacity, Peak } from './site-problem';
import { addStorage, type StorageColumns } from './storage-rows';

/** Where the relaxation is tightened: nowhere, unless its optimum asked for it. */
export interface Tightening {
  /** By storage: the steps in which charging and discharging exclude each other. */
  storageSteps: Set<number>[];
  /** The steps in which the site either imports or exports. */
  siteSteps: Set<number>;
  /** Processes that run fully or not at all. */
  processes: Set<number>;
  /** By storage and step: 1 where it may only charge, -1 where only discharge, 0 where both. */
  directions?: Int8Array[];
}

export const noTightening = ({ storages }: SiteFrame): Tightening => ({
  storageSteps: storages.map(() => new Set()),
  siteSteps: new Set(),
  processes: new Set(),
});

/** A linear program of a site, and which column means what. Costs in money units, powers in power units. */
export interface SiteProgram {
  program: LinearProgram;
  /** By storage; undefined for storages that are given by profiles. */
  storages: (StorageColumns | undefined)[];
  /** By storage: one column per profile, the share of it. */
  profiles: number[][];
  processes: ProcessColumns[];
  curtailables: Int32Array[];
  /** By step; undefined where devices are not coupled. */
  net: (NetColumns | undefined)[];
  /** By storage: the row in which the shares of its profiles add up to 1, -1 without profiles. */
  shareRows: number[];
  /** By step: the row of the power balance, -1 where devices are not coupled. */
  balanceRows: Int32Array;
}

/**
 * The linear relaxation of a site, tightened where asked. Storages may be given by profiles (MW per step each) instead
 * of by their own rows: the program then mixes profiles.
 */
export function buildSiteProgram(
  frame: SiteFrame,
  tightening: Tightening,
  profilesByStorage: (Float64Array[] | undefined)[] = [],
): SiteProgram {
  const parts = new SiteProgramBuilder(frame);
  const profiles = frame.storages.map(() => [] as number[]);
  const shareRows = frame.storages.map(() => -1);
  const storages = frame.storages.map((plan, k) => {
    const given = profilesByStorage[k];
    if (!given) return addStorage(parts, plan, tightening.storageSteps[k]!, tightening.directions?.[k]);
    profiles[k] = given.map((profile) => addProfile(parts, profile, plan.slope));
    shareRows[k] = parts.builder.addRow(
      1,
      1,
      profiles[k],
      profiles[k].map(() => 1),
    );
    return undefined;
  });
  const processes = frame.processes.map((plan, k) => addProcess(parts, plan, tightening.processes.has(k)));
  const curtailables = frame.curtailables.map(({ device }) =>
    Int32Array.from(device.forecastMw, (forecast, t) =>
      parts.addPower(t, frame.powerUnitMw, noSlope(frame), -forecast / frame.powerUnitMw, 0),
    ),
  );
  const { net, balanceRows } = addSite(parts, tightening.siteSteps);
  const program = parts.builder.build();
  return { program, storages, profiles, processes, curtailables, net, shareRows, balanceRows };
}

const noSlope = ({ problem }: SiteFrame) => new Float64Array(problem.steps);

function addProfile(parts: SiteProgramBuilder, profile: Float64Array, slope: Float64Array): number {
  let cost = 0;
  for (let t = 0; t < profile.length; t++) cost += parts.costPerMw(t, slope) * profile[t]!;
  const column = parts.builder.addColumn(cost, 0, Infinity);
  for (let t = 0; t < profile.length; t++) {
    if (profile[t] !== 0) parts.addToBalance(t, column, profile[t]!);
  }
  return column;
}

function addSite(parts: SiteProgramBuilder, exclusiveSteps: Set<number>) {
  const { frame } = parts;
  const { problem } = frame;
  const balanceRows = new Int32Array(problem.steps).fill(-1);
  const net = Array.from(frame.isCoupled, (isCoupled, t) => {
    if (!isCoupled) return undefined;
    const columns = addNet(parts, t, exclusiveSteps.has(t));
    balanceRows[t] = parts.addBalanceRow(t, columns);
    return columns;
  });
  addLimits(parts, net, 1, problem.consumptionCapacity, problem.consumptionPeak);
  addLimits(parts, net, -1, problem.productionCapacity, problem.productionPeak);
  return { net, balanceRows };
}

function addNet(parts: SiteProgramBuilder, t: number, isExclusive: boolean): NetColumns {
  const { problem, highestNetMw, lowestNetMw, powerUnitMw, moneyUnit } = parts.frame;
  const importMax = Math.min(highestNetMw[t]!, valueAt(hardLimit(problem.consumptionCapacity), t));
  const exportMax = Math.min(-lowestNetMw[t]!, valueAt(hardLimit(problem.productionCapacity), t));
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
  if (isExclusive) parts.addExclusion(imported, upper, exported, -lower);
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
      over(() => peak.alreadyMw),
    );
}
