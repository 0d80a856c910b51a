/** Rounds power to 6 decimals (1 W for MW, 1 mW for kW). Gives 0 instead of -0. */
export function roundPower(power: Float64Array): Float64Array {
  return power.map((one) => Math.round(one * 1e6) / 1e6 + 0);
}
