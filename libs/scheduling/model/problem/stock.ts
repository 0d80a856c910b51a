/** A number for all steps, or one per step. */
export type Series = number | Float64Array;

/** The entry of step t of something given as one number or as one number per step. */
export const valueAt = (value: Series, t: number): number => (typeof value === 'number' ? value : value[t]!);

/** How the stock of a device answers to power and time. */
export interface StockDevice {
  /** Length of a step in hours. */
  stepHours: number;
  /** 0 < efficiency <= 1; its square root applies to charging and to discharging, where they have none of their own. */
  roundtripEfficiency: number;
  /** Stock gained per energy charged at the meter, > 0; above 1 for a heat pump. */
  chargingEfficiency?: Series;
  /** Energy at the meter per stock taken out, > 0. */
  dischargingEfficiency?: Series;
  /** Share of the stock that is left after a step in which nothing else happens, > 0 and <= 1; 1 when undefined. */
  storageEfficiency?: Series;
  /** MW that flow into the stock past the meter, out of it where negative (gain less usage). */
  stockInflowMw?: Float64Array;
}

/**
 * Change of the stock over a step that is due to power at the meter, as it stands at the end of the step: stock that
 * came early in the step has lost its share by then.
 *
 * @param powerMw at the meter, charging positive
 * @returns MWh
 */
export function stockChange(device: StockDevice, t: number, powerMw: number): number {
  return powerMw * (powerMw >= 0 ? stockPerMwCharged(device, t) : stockPerMwDischarged(device, t));
}

/** The power in MW that changes the stock by `changeMwh` in step t: the inverse of stockChange. */
export function powerForStockChange(device: StockDevice, t: number, changeMwh: number): number {
  return changeMwh / (changeMwh >= 0 ? stockPerMwCharged(device, t) : stockPerMwDischarged(device, t));
}

/** MWh that a device without power at the meter has at the end of step t, from `socMwh` at its start. */
export function stockWhenIdle(device: StockDevice, t: number, socMwh: number): number {
  return retention(device, t) * socMwh + idleInflow(device, t);
}

/** Share of the stock that is left at the end of step t. */
export const retention = (device: StockDevice, t: number): number =>
  valueAt(device.storageEfficiency ?? 1, t);

/** MWh that flowed in past the meter during step t and are left at its end. */
export const idleInflow = (device: StockDevice, t: number): number =>
  device.stockInflowMw ? device.stockInflowMw[t]! * device.stepHours * remainingShareOfInflow(device, t) : 0;

/** MWh in the stock at the end of step t per MW charged in it. */
export const stockPerMwCharged = (device: StockDevice, t: number): number =>
  device.stepHours * remainingShareOfInflow(device, t) * chargingEfficiency(device, t);

/** MWh that lack at the end of step t per MW discharged in it. */
export const stockPerMwDischarged = (device: StockDevice, t: number): number =>
  (device.stepHours * remainingShareOfInflow(device, t)) / dischargingEfficiency(device, t);

const chargingEfficiency = (device: StockDevice, t: number): number =>
  device.chargingEfficiency === undefined
    ? Math.sqrt(device.roundtripEfficiency)
    : valueAt(device.chargingEfficiency, t);

const dischargingEfficiency = (device: StockDevice, t: number): number =>
  device.dischargingEfficiency === undefined
    ? Math.sqrt(device.roundtripEfficiency)
    : valueAt(device.dischargingEfficiency, t);

/**
 * Of a stock that comes in evenly over a step, the share that is left at its end: the mean of e^x for x from 0 to 1,
 * where e is the share that is left of a stock that was there from the start.
 */
function remainingShareOfInflow(device: StockDevice, t: number): number {
  const kept = retention(device, t);
  return kept === 1 ? 1 : (kept - 1) / Math.log(kept);
}

/**
 * The stock that a power schedule leads to.
 *
 * @param powerMw MW at the meter per step, charging positive
 * @returns MWh at the start and after each step; length steps + 1
 */
export function simulateStock(
  device: StockDevice,
  powerMw: Float64Array,
  stockAtStartMwh: number,
): Float64Array {
  const stock = new Float64Array(powerMw.length + 1);
  stock[0] = stockAtStartMwh;
  for (let t = 0; t < powerMw.length; t++) {
    stock[t + 1] = stockWhenIdle(device, t, stock[t]!) + stockChange(device, t, powerMw[t]!);
  }
  return stock;
}
