import { priceSlope } from './price-slope';
import { stockChange, type StockDevice } from './stock';

/** What a storage pays besides its prices, so that it chooses among equally cheap schedules. */
export interface StorageTies {
  /** Currency per MWh discharged at the meter. */
  perDischargedMwh: number;
  /** Currency that each MWh of stock is worth. */
  perStoredMwh: number;
}

/**
 * Tiny prices that decide between schedules of equal true cost: less energy discharged comes first, then more stock at
 * the end, then later curtailment, then sooner charging.
 */
export interface TieBreaks {
  storage: StorageTies;
  /** Currency per MWh produced by curtailable devices, per step: production now is worth more than later. */
  curtailment: Float64Array;
  /** The same for devices that rather curtail earlier: production now is worth less than later. */
  earlyCurtailment: Float64Array;
  /** Currency per MWh to add to the prices of devices that prefer to run sooner, per step; see priceSlope. */
  sooner: Float64Array;
}

/** Shares of the highest price: of ties that an exact algorithm resolves, and that a linear program does. */
const SIZES = { exact: 2e-7, program: 1e-5 };

/**
 * @param consumptionPrices currency per MWh
 * @param productionPrices currency per MWh
 * @param resolvedBy how the schedule is found: the smaller the ties can be, the less they can cost
 */
export function tieBreaks(
  consumptionPrices: Float64Array,
  productionPrices: Float64Array,
  resolvedBy: keyof typeof SIZES,
): TieBreaks {
  let highest = 0;
  for (const prices of [consumptionPrices, productionPrices]) {
    for (const price of prices) highest = Math.max(highest, Math.abs(price));
  }
  const size = SIZES[resolvedBy] * (highest || 1);
  const steps = consumptionPrices.length;
  const slope = priceSlope(consumptionPrices, productionPrices);
  const steepest = slope[steps - 1] || 1;
  return {
    storage: { perDischargedMwh: size, perStoredMwh: 0.5 * size },
    curtailment: Float64Array.from({ length: steps }, (_, t) => size * (0.4 - (0.2 * t) / steps)),
    earlyCurtailment: Float64Array.from({ length: steps }, (_, t) => size * (0.2 + (0.2 * (t + 1)) / steps)),
    sooner: slope.map((one) => (0.1 * size * one) / steepest),
  };
}

/**
 * What the ties of a storage cost in a step.
 *
 * @param powerMw at the meter, charging positive
 * @param changeMwh of the stock, by that power
 * @returns currency; negative if the stock grows
 */
export const tieCost = (
  { perDischargedMwh, perStoredMwh }: StorageTies,
  powerMw: number,
  stepHours: number,
  changeMwh: number,
): number => perDischargedMwh * Math.max(0, -powerMw) * stepHours - perStoredMwh * changeMwh;

/** What the ties of a storage cost in a window, in currency. */
export const totalTieCost = (ties: StorageTies, device: StockDevice, powerMw: Float64Array): number =>
  powerMw.reduce(
    (sum, power, t) => sum + tieCost(ties, power, device.stepHours, stockChange(device, t, power)),
    0,
  );
