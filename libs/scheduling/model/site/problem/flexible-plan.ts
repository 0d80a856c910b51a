import { valueAt } from '../../problem/stock';
import { narrowToModes } from './modes';
import type { FlexibleDevice } from './site-problem';
import { hardLimitAt } from './storage-view';

/** A flexible device, with its limits per step. */
export interface FlexiblePlan {
  /** Index among the problem's devices. */
  index: number;
  device: FlexibleDevice;
  /** MW, consumption positive; its power in step t lies in [powerMin[t], powerMax[t]]. */
  powerMin: Float64Array;
  powerMax: Float64Array;
  /** Currency per MWh to add to the site's prices. */
  slope: Float64Array;
}

export function prepareFlexible(
  device: FlexibleDevice,
  index: number,
  steps: number,
  slope: Float64Array,
): FlexiblePlan {
  const powerMin = new Float64Array(steps);
  const powerMax = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    powerMin[t] = -Math.min(valueAt(device.productionMaxMw, t), hardLimitAt(device.productionCapacity, t));
    powerMax[t] = Math.min(valueAt(device.consumptionMaxMw, t), hardLimitAt(device.consumptionCapacity, t));
  }
  narrowToModes(powerMin, powerMax, device.modes);
  return { index, device, powerMin, powerMax, slope };
}
