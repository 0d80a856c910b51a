/**
 * What the energy of one step costs.
 *
 * @param netPowerMw MW of the whole site, consumption positive
 * @param consumptionPrice currency per MWh
 * @param productionPrice currency per MWh
 * @returns currency; negative if earned
 */
export function energyCost(
  netPowerMw: number,
  consumptionPrice: number,
  productionPrice: number,
  stepHours: number,
): number {
  return netPowerMw * (netPowerMw >= 0 ? consumptionPrice : productionPrice) * stepHours;
}
