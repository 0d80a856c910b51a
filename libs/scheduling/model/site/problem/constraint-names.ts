import type { ConstraintName } from '../../conflicts/conflict';
import { type Series, valueAt } from '../../problem/stock';
import type { Capacities, SocBound, Stock, StorageDevice } from './site-problem';
import { highestInModes } from './modes';
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
export const constraintNames = (device: StorageDevice): ConstraintNames => ({
  ...powerConstraintNames(device, device.chargePowerMaxMw, device.dischargePowerMaxMw),
  ...stockConstraintNames(device),
});

/** Finds which fields limit the power of a device, in step t. */
export function powerConstraintNames(
  { consumptionCapacity, productionCapacity, modes }: Capacities & Pick<StorageDevice, 'modes'>,
  consumptionMaxMw: Series,
  productionMaxMw: Series,
): Pick<ConstraintNames, 'charging' | 'discharging'> {
  const consumption = hardLimit(consumptionCapacity);
  const production = hardLimit(productionCapacity);
  const nameOf = (own: ConstraintName, directionMw: Series, maxMw: Series, sign: 1 | -1) => (t: number) => {
    const [direction, most] = [valueAt(directionMw, t), valueAt(maxMw, t)];
    if (highestInModes(modes, sign) < Math.min(direction, most)) return 'operation-modes';
    return direction < most ? own : 'power-capacity';
  };
  return {
    charging: nameOf('consumption-capacity', consumption, consumptionMaxMw, 1),
    discharging: nameOf('production-capacity', production, productionMaxMw, -1),
  };
}

/** Finds which fields limit a stock, after k steps. */
export function stockConstraintNames({
  socMinMwh,
  socMaxMwh,
  socMinima,
  socMaxima,
  socTargets,
}: Stock): Pick<ConstraintNames, 'lower' | 'upper'> {
  const targets = new Set(socTargets?.map(({ step }) => step));
  return {
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
