/** Period of a partition: a month or year in UTC. */
export type PartitionPeriod = 'monthly' | 'yearly';

/** Events that start from `startMs` (inclusive) to `endMs` (exclusive), epoch milliseconds. */
export interface EventRange {
  startMs: number;
  endMs: number;
}

const MONTHS = { monthly: 1, yearly: 12 };

/** Start of the period that contains a moment, or of the period `later` periods after it. Epoch milliseconds. */
export function periodStart(ms: number, period: PartitionPeriod, later = 0): number {
  const date = new Date(ms);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const first = (Math.floor(months / MONTHS[period]) + later) * MONTHS[period];
  return new Date(0).setUTCFullYear(Math.floor(first / 12), first % 12, 1);
}

/**
 * The ranges to add, in order, so that every period that overlaps [fromMs, untilMs) is covered: whole periods, or the
 * parts of them that existing ranges do not cover.
 */
export function missingRanges(
  existing: readonly EventRange[],
  fromMs: number,
  untilMs: number,
  period: PartitionPeriod,
): EventRange[] {
  const inOrder = [...existing].sort((one, other) => one.startMs - other.startMs);
  const missing: EventRange[] = [];
  for (let startMs = periodStart(fromMs, period); startMs < untilMs;) {
    const endMs = periodStart(startMs, period, 1);
    let atMs = startMs;
    for (const range of inOrder) {
      if (range.endMs <= atMs || range.startMs >= endMs) continue;
      if (range.startMs > atMs) missing.push({ startMs: atMs, endMs: range.startMs });
      atMs = range.endMs;
    }
    if (atMs < endMs) missing.push({ startMs: atMs, endMs });
    startMs = endMs;
  }
  return missing;
}

/** The range in the name of a partition: `2026_01`, `2026`, or both bounds if it is not a whole period. */
export function rangeName({ startMs, endMs }: EventRange): string {
  const [year, month] = date(startMs).split('-');
  for (const period of ['monthly', 'yearly'] as const) {
    const isWhole = periodStart(startMs, period) === startMs && periodStart(startMs, period, 1) === endMs;
    if (isWhole) return period === 'monthly' ? `${year}_${month}` : `${year}`;
  }
  return [startMs, endMs].map((ms) => date(ms).replaceAll('-', '')).join('_');
}

const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
