import { type Series, valueAt } from '../../problem/stock';
import type { StorageProblem } from '../../problem/storage-problem';
import type { Capacity, SiteProblem, StorageDevice } from './site-problem';

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
    chargePowerMaxMw: lowerOf(steps, device.chargePowerMaxMw, hardLimit(device.consumptionCapacity)),
    dischargePowerMaxMw: lowerOf(steps, device.dischargePowerMaxMw, hardLimit(device.productionCapacity)),
    ...hardSocBounds(device, steps),
  };
}

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

/** MW that must not be exceeded, not even at a price. Use hardLimitAt for single steps. */
export function hardLimit(capacity: Capacity | undefined): Series {
  if (!capacity) return Infinity;
  const { mw, breach, hardLimitMw = Infinity } = capacity;
  if (breach) return hardLimitMw;
  if (typeof hardLimitMw !== 'number') return lowerOf(hardLimitMw.length, mw, hardLimitMw);
  if (hardLimitMw === Infinity) return mw;
  return typeof mw === 'number' ? Math.min(mw, hardLimitMw) : lowerOf(mw.length, mw, hardLimitMw);
}

/** As hardLimit, in step t. */
export function hardLimitAt(capacity: Capacity | undefined, t: number): number {
  if (!capacity) return Infinity;
  const { mw, breach, hardLimitMw = Infinity } = capacity;
  return breach ? valueAt(hardLimitMw, t) : Math.min(valueAt(mw, t), valueAt(hardLimitMw, t));
}

function lowerOf(steps: number, a: Series, b: Series): Float64Array {
  const lower = new Float64Array(steps);
  for (let t = 0; t < steps; t++) lower[t] = Math.min(valueAt(a, t), valueAt(b, t));
  return lower;
}

/** soc-min and soc-max, combined with the minima and maxima that have no price. */
function hardSocBounds({ socMinMwh, socMaxMwh, socMinima, socMaxima }: StorageDevice, steps: number) {
  const [min, max] = [toArray(socMinMwh, steps), toArray(socMaxMwh, steps)];
  for (let t = 0; t < steps; t++) {
    const lower = socMinima?.breach ? NaN : socMinima?.mwh[t];
    const upper = socMaxima?.breach ? NaN : socMaxima?.mwh[t];
    if (lower !== undefined && !Number.isNaN(lower)) min[t] = Math.max(min[t]!, lower);
    if (upper !== undefined && !Number.isNaN(upper)) max[t] = Math.min(max[t]!, upper);
  }
  return { socMinMwh: min, socMaxMwh: max };
}

const toArray = (value: Series, steps: number): Float64Array =>
  typeof value === 'number' ? new Float64Array(steps).fill(value) : value.slice();
