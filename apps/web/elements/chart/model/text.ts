/** A number with as many digits as people need: four significant ones. */
export function shownNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  return String(size >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
}

const UNITS: [string, number][] = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
];

/** When a value was recorded, seen from the end of its event: "2 hours before". */
export function shownHorizon(horizonMs: number): string {
  if (horizonMs === 0) return 'at the time';
  const size = Math.abs(horizonMs);
  const [unit, length] = UNITS.find(([, length]) => size >= 2 * length) ?? ['minutes', 60_000];
  return `${Number((size / length).toPrecision(3))} ${unit} ${horizonMs > 0 ? 'before' : 'after'}`;
}
