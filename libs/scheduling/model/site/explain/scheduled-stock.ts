import type { ConflictingLimit } from '../../conflicts/conflict';
import { type StepLimits, stepLimits, stockLimits } from '../../problem/step-limits';
import { simulateStock, type StockDevice, valueAt } from '../../problem/stock';
import type { SocTarget } from '../../problem/storage-problem';
import {
  type ConstraintNames,
  constraintNames,
  powerConstraintNames,
  stockConstraintNames,
} from '../problem/constraint-names';
import { prepareFlexible } from '../problem/flexible-plan';
import { simulateSharedStock } from '../problem/simulate-shared-stock';
import type { SharedStock, SiteProblem, StorageDevice } from '../problem/site-problem';
import { feedersOf, idleStockDevice } from '../problem/stock-plan';
import { isolatedStorage, withHardBounds } from '../problem/storage-view';
import type { Direction } from './energy-conflict';

/** MW; power this close to a limit has reached it. */
const tolerance = 1e-6;

/** A stock under a schedule: that of a storage, or a shared one. */
export interface ScheduledStock {
  /** Id of the storage or of the shared stock. */
  id: string;
  /** Indices of the devices that change it. */
  indices: number[];
  /** The stock with its losses, gain and usage. */
  idle: StockDevice;
  limits: Pick<StepLimits, 'socMin' | 'socMax'>;
  names: Pick<ConstraintNames, 'lower' | 'upper'>;
  targets: readonly SocTarget[];
  /** MWh after k steps. */
  soc: Float64Array;
  /** The power limits of its devices, if all of them have reached theirs in step t; none otherwise. */
  powerLimits: (t: number, direction: Direction) => ConflictingLimit[];
}

export function scheduledStorage(
  site: SiteProblem,
  device: StorageDevice,
  index: number,
  powerMw: Float64Array,
): ScheduledStock {
  const problem = isolatedStorage(site, device);
  const names = constraintNames(device);
  const { socMin, socMax } = stepLimits(problem);
  return {
    id: device.id,
    indices: [index],
    idle: problem,
    limits: { socMin, socMax },
    names,
    targets: device.socTargets ?? [],
    soc: simulateStock(problem, powerMw, device.socAtStartMwh),
    powerLimits: (t, direction) => {
      const isUp = direction === 'up';
      const value = valueAt(isUp ? problem.chargePowerMaxMw : problem.dischargePowerMaxMw, t);
      if ((isUp ? powerMw[t]! : -powerMw[t]!) < value - tolerance) return [];
      return [{ constraint: (isUp ? names.charging : names.discharging)(t), device: device.id, value }];
    },
  };
}

export function scheduledSharedStock(
  site: SiteProblem,
  stock: SharedStock,
  powers: readonly Float64Array[],
): ScheduledStock {
  const none = new Float64Array(site.steps);
  const feeders = feedersOf(site, stock.id).map(({ device, index }) => ({
    ...prepareFlexible(device, index, site.steps, none),
    powerMw: powers[index]!,
    names: powerConstraintNames(device, device.consumptionMaxMw, device.productionMaxMw),
  }));
  return {
    id: stock.id,
    indices: feeders.map(({ index }) => index),
    idle: idleStockDevice(site, stock),
    limits: stockLimits({ ...stock, ...withHardBounds(stock, site.steps) }, site.steps),
    names: stockConstraintNames(stock),
    targets: stock.socTargets ?? [],
    soc: simulateSharedStock(site, stock, powers),
    powerLimits: (t, direction) => {
      const isUp = direction === 'up';
      const reached = feeders.flatMap(({ device, powerMw, powerMin, powerMax, names }) => {
        const value = isUp ? powerMax[t]! : -powerMin[t]!;
        if ((isUp ? powerMw[t]! : -powerMw[t]!) < value - tolerance) return [];
        return [{ constraint: (isUp ? names.charging : names.discharging)(t), device: device.id, value }];
      });
      return reached.length === feeders.length ? reached : [];
    },
  };
}
