import { stepLimits } from '../../problem/step-limits';
import { stockChange, type StockDevice } from '../../problem/stock';
import { prepareFlexible } from './flexible-plan';
import { narrowToModes } from './modes';
import type { SharedStock, SiteProblem, StorageDevice } from './site-problem';
import { feedersOf, idleStockDevice, stockDeviceOf } from './stock-plan';
import { isolatedStorage } from './storage-view';

/** How much the devices of a stock can change it in each step. */
export interface StockRange {
  /** The stock with its losses, gain and usage. */
  idle: StockDevice;
  /** MWh; lowest and highest change of the stock by power at the meter. */
  lowestChange: Float64Array;
  highestChange: Float64Array;
}

/** The range of changes of a storage, or of all devices of a shared stock together. */
export function stockRange(problem: SiteProblem, stock: StorageDevice | SharedStock): StockRange {
  if ('kind' in stock) {
    const storage = isolatedStorage(problem, stock);
    const { powerMin, powerMax } = stepLimits(storage);
    narrowToModes(powerMin, powerMax, stock.modes);
    const toChange = (mw: number, t: number) => stockChange(storage, t, mw);
    return { idle: storage, lowestChange: powerMin.map(toChange), highestChange: powerMax.map(toChange) };
  }
  const none = new Float64Array(problem.steps);
  const [lowestChange, highestChange] = [none.slice(), none.slice()];
  for (const { device, index } of feedersOf(problem, stock.id)) {
    const link = stockDeviceOf(problem, stock, device.stock);
    const { powerMin, powerMax } = prepareFlexible(device, index, problem.steps, none);
    for (let t = 0; t < problem.steps; t++) {
      lowestChange[t]! += stockChange(link, t, powerMin[t]!);
      highestChange[t]! += stockChange(link, t, powerMax[t]!);
    }
  }
  return { idle: idleStockDevice(problem, stock), lowestChange, highestChange };
}
