/** Rounds a number to 6 decimals: 1 W for MW, 1 mW for kW. Gives 0 instead of -0. */
export const toSixDecimals = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;
