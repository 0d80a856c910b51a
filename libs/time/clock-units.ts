export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const WEEK_MS = 604_800_000;

/** The largest distance from the epoch that a Date can hold. */
export const MAX_INSTANT_MS = 8.64e15;
