/** Values that are replaced by one value. */
export interface Snap {
  target: number;
  /** The interval: its first bound is inclusive, its second one exclusive. The first one may be the larger one. */
  interval: readonly [first: number, second: number];
}

/** Changes of forecasts before they are stored, in the unit of the sensor. */
export interface PostProcessing {
  lower?: number;
  upper?: number;
  snaps: readonly Snap[];
}

/** Whether the interval contains a value. */
export const isWithin = ([first, second]: Snap['interval'], value: number): boolean =>
  first <= second ? value >= first && value < second : value > second && value <= first;

/** Snaps a value, then limits it to the bounds; NaN stays NaN. */
export function postProcess(
  value: number,
  { lower = -Infinity, upper = Infinity, snaps }: PostProcessing,
): number {
  if (Number.isNaN(value)) return value;
  const snap = snaps.find(({ interval }) => isWithin(interval, value));
  return Math.min(upper, Math.max(lower, snap ? snap.target : value));
}

/** Why an interval cannot be used, as a sentence; undefined for a valid one. */
export function explainSnap({ target, interval: [first, second] }: Snap): string | undefined {
  if (first === second) return 'The bounds of an interval must differ.';
  const [low, high] = first < second ? [first, second] : [second, first];
  return target < low || target > high ? 'The target must lie within its interval.' : undefined;
}
