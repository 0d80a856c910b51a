import type { TimeRange } from '#lib/charts';
import { DAY_MS, formatInstant } from '#lib/time';

/** The first and the last day of a chart: "2026-03-04". */
export interface Days {
  first: string;
  last: string;
}

/**
 * The days that a chart shows at first: yesterday to tomorrow, or the last three days with data if there is none in these.
 * @param range of the data; equal start and end without data
 */
export function defaultPeriod({ startMs, endMs }: TimeRange, nowMs: number, zone: string): Days {
  const dateOf = (ms: number): string => formatInstant(ms, zone).slice(0, 10);
  const around = { first: dateOf(nowMs - DAY_MS), last: dateOf(nowMs + DAY_MS) };
  const isAround = dateOf(startMs) <= around.last && dateOf(endMs) >= around.first;
  if (isAround || endMs <= startMs) return around;
  const lastMs = startMs > nowMs ? Math.min(endMs - 1, startMs + 2 * DAY_MS) : endMs - 1;
  return { first: dateOf(Math.max(startMs, lastMs - 2 * DAY_MS)), last: dateOf(lastMs) };
}
