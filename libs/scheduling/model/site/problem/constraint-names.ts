import type { ConstraintName } from '../../conflicts/conflict';
import { type Series, valueAt } from '../../problem/stock';
import type { SocBound, StorageDevice } from './site-problem';
import { hardLimit } from './storage-view';

/** Which field of a storage sets its limits. */
export interface ConstraintNames {
  /** Highest charging power in step t. */
  charging: (t: number) => ConstraintName;
  /** Highest discharging power in step t. */
  discharging: (t: number) => ConstraintName;
  /** Lower bound of the stock after k steps, k >= 1. */
  lower: (k: number) => ConstraintName;
  /** Upper bound of the stock after k steps, k >= 1. */
  upper: (k: number) => ConstraintName;
}

/** Finds which fields set the hard limits of a storage. */
export function constraintNames(device: StorageDevice): ConstraintNames {
  const { socMinMwh, socMaxMwh, socMinima, socMaxima } = device;
  const consumption = hardLimit(device.consumptionCapacity);
  const production = hardLimit(device.productionCapacity);
  const targets = new Set(device.socTargets?.map(({ step }) => step));
  const isLower = (a: Series, b: Series, t: number) => valueAt(a, t) < valueAt(b, t);
  return {
    charging: (t) =>
      isLower(consumption, device.chargePowerMaxMw, t) ? 'consumption-capacity' : 'power-capacity',
    discharging: (t) =>
      isLower(production, device.dischargePowerMaxMw, t) ? 'production-capacity' : 'power-capacity',
    lower: (k) => {
      if (targets.has(k)) return 'soc-target';
      return hardBound(socMinima, k) > valueAt(socMinMwh, k - 1) ? 'soc-minima' : 'soc-min';
    },
    upper: (k) => {
      if (targets.has(k)) return 'soc-target';
      return hardBound(socMaxima, k) < valueAt(socMaxMwh, k - 1) ? 'soc-maxima' : 'soc-max';
    },
  };
}

/** MWh after k steps; NaN if there is no bound or if it may be exceeded at a price. */
const hardBound = (bound: SocBound | undefined, k: number): number =>
  bound === undefined || bound.breach ? NaN : bound.mwh[k - 1]!;
