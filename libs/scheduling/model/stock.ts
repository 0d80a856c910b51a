/**
 * Change of the stock over one step.
 *
 * @param powerMw at the meter, charging positive
 * @param stepHours length of the step
 * @param oneWayEfficiency square root of the round-trip efficiency: that share of the charged energy arrives in the
 *   stock, and that share of the energy taken from the stock arrives at the meter
 * @returns MWh
 */
export function stockChange(powerMw: number, stepHours: number, oneWayEfficiency: number): number {
  return powerMw >= 0 ? powerMw * stepHours * oneWayEfficiency : (powerMw * stepHours) / oneWayEfficiency;
}

/** The power in MW that changes the stock by `changeMwh` in one step: the inverse of stockChange. */
export function powerForStockChange(changeMwh: number, stepHours: number, oneWayEfficiency: number): number {
  return changeMwh >= 0
    ? changeMwh / (stepHours * oneWayEfficiency)
    : (changeMwh * oneWayEfficiency) / stepHours;
}

/**
 * The stock that a power schedule leads to.
 *
 * @param powerMw MW at the meter per step, charging positive
 * @returns MWh at the start and after each step; length steps + 1
 */
export function integrateStock(
  powerMw: Float64Array,
  stepHours: number,
  stockAtStartMwh: number,
  roundtripEfficiency = 1,
): Float64Array {
  const oneWayEfficiency = Math.sqrt(roundtripEfficiency);
  const stock = new Float64Array(powerMw.length + 1);
  stock[0] = stockAtStartMwh;
  for (let t = 0; t < powerMw.length; t++) {
    stock[t + 1] = stock[t]! + stockChange(powerMw[t]!, stepHours, oneWayEfficiency);
  }
  return stock;
}
