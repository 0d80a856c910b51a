import { toSixDecimals } from '#lib/units';

/** Rounds power to 6 decimals. */
export function roundPower(power: Float64Array): Float64Array {
  return power.map(toSixDecimals);
}
