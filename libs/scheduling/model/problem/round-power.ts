/** Rounds power to 6 decimals (1 W for MW). Gives 0 instead of -0. */
export function roundPower(powerMw: Float64Array): Float64Array {
  return powerMw.map((power) => Math.round(power * 1e6) / 1e6 + 0);
}
