import { type Series, valueAt } from '../../problem/stock';
import type { ConstraintNames } from '../../storage/explain-storage';
import { hardLimit } from './prepared-site';
import type { SocBound, StorageDevice } from './site-problem';

/** By which of its fields the limits of a storage hold that may not be broken at a price. */
export function constraintNames(device: StorageDevice): ConstraintNames {
  const { socMinMwh, socMaxMwh, socMinima, socMaxima } = device;
  const consumption = hardLimit(device.consumptionCapacity);
  const production = hardLimit(device.productionCapacity);
  const isLower = (a: Series, b: Series, t: number) => valueAt(a, t) < valueAt(b, t);
  return {
    charging: (t) =>
      isLower(consumption, device.chargePowerMaxMw, t) ? 'consumption-capacity' : 'power-capacity',
    discharging: (t) =>
      isLower(production, device.dischargePowerMaxMw, t) ? 'production-capacity' : 'power-capacity',
    lower: (k) => (hardBound(socMinima, k) > valueAt(socMinMwh, k - 1) ? 'soc-minima' : 'soc-min'),
    upper: (k) => (hardBound(socMaxima, k) < valueAt(socMaxMwh, k - 1) ? 'soc-maxima' : 'soc-max'),
  };
}

/** NaN where there is none after k steps, or where it may be broken at a price. */
const hardBound = (bound: SocBound | undefined, k: number): number =>
  bound === undefined || bound.breach ? NaN : bound.mwh[k - 1]!;
