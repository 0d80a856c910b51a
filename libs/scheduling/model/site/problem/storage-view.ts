import { type Series, valueAt } from '../../problem/stock';
import type { StorageProblem } from '../../problem/storage-problem';
import { highestInModes } from './modes';
import type { Capacity, SiteProblem, SocBound, Stock, StorageDevice } from './site-problem';

/** A storage alone, with its own hard limits: without prices and without the rest of the site. */
export function isolatedStorage({ steps, stepHours }: SiteProblem, device: StorageDevice): StorageProblem {
  const noPrices = new Float64Array(steps);
  return {
    steps,
    stepHours,
    consumptionPrices: noPrices,
    productionPrices: noPrices,
    roundtripEfficiency: device.roundtripEfficiency,
    chargingEfficiency: device.chargingEfficiency,
    dischargingEfficiency: device.dischargingEfficiency,
    storageEfficiency: device.storageEfficiency,
    stockInflowMw: device.stockInflowMw,
    socAtStartMwh: device.socAtStartMwh,
    socTargets: device.socTargets,
    preferChargingSooner: device.preferChargingSooner,
    chargePowerMaxMw: lowerOf(
      lowerOf(device.chargePowerMaxMw, hardLimit(device.consumptionCapacity)),
      highestInModes(device.modes, 1),
    ),
    dischargePowerMaxMw: lowerOf(
      lowerOf(device.dischargePowerMaxMw, hardLimit(device.productionCapacity)),
      highestInModes(device.modes, -1),
    ),
    ...withHardBounds(device, steps),
  };
}

/** soc-min and soc-max in MWh, combined with the minima and maxima that have no price. */
export const withHardBounds = (
  { socMinMwh, socMaxMwh, socMinima, socMaxima }: Stock,
  steps: number,
): { socMinMwh: Series; socMaxMwh: Series } => ({
  socMinMwh: withBound(socMinMwh, socMinima, steps, Math.max),
  socMaxMwh: withBound(socMaxMwh, socMaxima, steps, Math.min),
});

/**
 * A storage behind the connection of the site, with the power of all other devices given. It has the prices and the hard
 * limits of the site; peaks and limits with a price are left out.
 *
 * @param otherPowerMw MW per step, consumption positive: the sum of all other devices
 */
export function storageBehindConnection(
  problem: SiteProblem,
  device: StorageDevice,
  otherPowerMw: Float64Array,
): StorageProblem {
  return {
    ...isolatedStorage(problem, device),
    consumptionPrices: problem.consumptionPrices,
    productionPrices: problem.productionPrices,
    inflexiblePowerMw: otherPowerMw,
    siteConsumptionCapacityMw: hardLimit(problem.consumptionCapacity),
    siteProductionCapacityMw: hardLimit(problem.productionCapacity),
  };
}

/** Whether a capacity is a limit of its own: if not, it is the series of the hard limit, which holds in both directions. */
export const isOwnLimit = ({ mw, hardLimitMw }: Capacity): boolean => mw !== hardLimitMw;

/** MW that must not be exceeded, not even at a price. Use hardLimitAt for single steps. */
export function hardLimit(capacity: Capacity | undefined): Series {
  if (!capacity) return Infinity;
  const { mw, breach, hardLimitMw = Infinity } = capacity;
  return breach ? hardLimitMw : lowerOf(mw, hardLimitMw);
}

/** As hardLimit, in step t. */
export function hardLimitAt(capacity: Capacity | undefined, t: number): number {
  if (!capacity) return Infinity;
  const { mw, breach, hardLimitMw = Infinity } = capacity;
  return breach ? valueAt(hardLimitMw, t) : Math.min(valueAt(mw, t), valueAt(hardLimitMw, t));
}

/** The lower one of two series in each step. */
function lowerOf(a: Series, b: Series): Series {
  if (b === Infinity) return a;
  if (typeof a !== 'number') return a.map((value, t) => Math.min(value, valueAt(b, t)));
  return typeof b === 'number' ? Math.min(a, b) : b.map((value) => Math.min(value, a));
}

/** MWh of soc-min or soc-max, combined with minima or maxima that have no price. */
function withBound(
  soc: Series,
  bound: SocBound | undefined,
  steps: number,
  combine: (a: number, b: number) => number,
): Series {
  if (!bound || bound.breach) return soc;
  return Float64Array.from({ length: steps }, (_, t) => {
    const mwh = bound.mwh[t]!;
    return Number.isNaN(mwh) ? valueAt(soc, t) : combine(valueAt(soc, t), mwh);
  });
}
