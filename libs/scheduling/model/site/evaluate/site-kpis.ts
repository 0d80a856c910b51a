import { stockPerMwCharged, stockPerMwDischarged, valueAt } from '../../problem/stock';
import type { SiteProblem, StorageDevice } from '../problem/site-problem';
import { siteCosts } from './site-costs';

/** Figures of a storage in the window. */
export interface StorageKpis {
  /** MWh at the meter. */
  chargedMwh: number;
  /** MWh at the meter. */
  dischargedMwh: number;
  /**
   * Energy into and out of the stock, divided by twice the capacity between the lowest soc-min and the highest soc-max.
   * NaN if that capacity is 0 or unlimited.
   */
  fullCycles: number;
}

/** Figures to judge a schedule by. Energy and power are those of the whole site at its connection. */
export interface SiteKpis {
  consumedMwh: number;
  producedMwh: number;
  /** Highest net consumption of a step in MW; 0 if there is none. */
  peakConsumptionMw: number;
  /** Highest net production of a step in MW; 0 if there is none. */
  peakProductionMw: number;
  /**
   * Share of the production of all devices but storages that stays in the site in the same step. NaN if there is no
   * production. Inflexible devices count by their sum.
   */
  selfConsumption: number;
  /** By device in the order of the problem; undefined for other devices. */
  storages: (StorageKpis | undefined)[];
}

/**
 * Computes the figures of a schedule. See siteCosts for its costs.
 *
 * @param powers MW per step, consumption positive, by device in the order of the problem
 */
export function siteKpis(problem: SiteProblem, powers: readonly Float64Array[]): SiteKpis {
  const { netPowerMw } = siteCosts(problem, powers);
  const kpis: SiteKpis = {
    consumedMwh: 0,
    producedMwh: 0,
    peakConsumptionMw: 0,
    peakProductionMw: 0,
    selfConsumption: selfConsumption(problem, powers, netPowerMw),
    storages: problem.devices.map((device, index) =>
      device.kind === 'storage' ? storageKpis(problem, device, powers[index]!) : undefined,
    ),
  };
  for (const net of netPowerMw) {
    kpis.consumedMwh += Math.max(0, net) * problem.stepHours;
    kpis.producedMwh += Math.max(0, -net) * problem.stepHours;
    kpis.peakConsumptionMw = Math.max(kpis.peakConsumptionMw, net);
    kpis.peakProductionMw = Math.max(kpis.peakProductionMw, -net);
  }
  return kpis;
}

function selfConsumption(
  { devices, steps }: SiteProblem,
  powers: readonly Float64Array[],
  netPowerMw: Float64Array,
): number {
  let produced = 0;
  let exported = 0;
  for (let t = 0; t < steps; t++) {
    let production = 0;
    devices.forEach(({ kind, commodity }, index) => {
      if (kind !== 'storage' && commodity === undefined) production += Math.max(0, -powers[index]![t]!);
    });
    produced += production;
    // The rest of the export comes from storages.
    exported += Math.min(production, Math.max(0, -netPowerMw[t]!));
  }
  return produced > 0 ? 1 - exported / produced : NaN;
}

function storageKpis(problem: SiteProblem, device: StorageDevice, powerMw: Float64Array): StorageKpis {
  const { steps, stepHours } = problem;
  const stock = { ...device, stepHours };
  let [charged, discharged, moved] = [0, 0, 0];
  let [lowest, highest] = [Infinity, -Infinity];
  for (let t = 0; t < steps; t++) {
    const power = powerMw[t]!;
    if (power > 0) {
      charged += power * stepHours;
      moved += power * stockPerMwCharged(stock, t);
    } else {
      discharged -= power * stepHours;
      moved -= power * stockPerMwDischarged(stock, t);
    }
    lowest = Math.min(lowest, valueAt(device.socMinMwh, t));
    highest = Math.max(highest, valueAt(device.socMaxMwh, t));
  }
  const room = highest - lowest;
  const fullCycles = room > 0 && Number.isFinite(room) ? moved / (2 * room) : NaN;
  return { chargedMwh: charged, dischargedMwh: discharged + 0, fullCycles };
}
