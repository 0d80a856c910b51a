/** One number for all steps, or one number per step. */
export type Series = number | Float64Array;

/** The value of a series in step t. */
export const valueAt = (value: Series, t: number): number => (typeof value === 'number' ? value : value[t]!);

/** The highest absolute value of a series. */
export function highestOf(series: Series): number {
  if (typeof series === 'number') return Math.abs(series);
  return series.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0);
}

/** How power and time change the stock of a storage. */
export interface StockDevice {
  /** Length of a step in hours. */
  stepHours: number;
  /** 0 < efficiency <= 1; its square root applies to charging and to discharging, unless those have their own. */
  roundtripEfficiency: number;
  /** Stock gained per energy charged at the meter, > 0; above 1 for a heat pump. */
  chargingEfficiency?: Series;
  /** Energy at the meter per stock taken out, > 0. */
  dischargingEfficiency?: Series;
  /** Share of the stock that remains after a step without power, > 0 and <= 1; 1 if undefined. */
  storageEfficiency?: Series;
  /** MW that flow into the stock without passing the meter (gain minus usage); negative if they flow out. */
  stockInflowMw?: Float64Array;
}

/**
 * How much power at the meter changes the stock by the end of a step. Losses over time also reduce what was charged
 * during the step.
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

/** Stock in MWh at the end of step t without power at the meter, from `socMwh` at its start. */
export function stockWhenIdle(device: StockDevice, t: number, socMwh: number): number {
  return retention(device, t) * socMwh + idleInflow(device, t);
}

/** Share of the stock that remains at the end of step t. */
export const retention = (device: StockDevice, t: number): number =>
  valueAt(device.storageEfficiency ?? 1, t);

/** MWh that flow into the stock during step t without passing the meter, less losses until its end. */
export const idleInflow = (device: StockDevice, t: number): number =>
  device.stockInflowMw ? device.stockInflowMw[t]! * device.stepHours * remainingShareOfInflow(device, t) : 0;

/** MWh that the stock gains by the end of step t per MW charged during the step. */
export const stockPerMwCharged = (device: StockDevice, t: number): number =>
  device.stepHours * remainingShareOfInflow(device, t) * chargingEfficiency(device, t);

/** MWh that the stock loses by the end of step t per MW discharged during the step. */
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
 * Share of a constant inflow during step t that remains at its end: the mean of e^x for x from 0 to 1, where e is the
 * retention of the step.
 */
function remainingShareOfInflow(device: StockDevice, t: number): number {
  const kept = retention(device, t);
  return kept === 1 ? 1 : (kept - 1) / Math.log(kept);
}

/**
 * Simulates the stock under a power schedule.
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
