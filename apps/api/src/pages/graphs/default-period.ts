import type { TimeRange } from '#lib/charts';
import { addDays, dateAt } from '#lib/time';

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
  const today = dateAt(nowMs, zone);
  const around = { first: addDays(today, -1), last: addDays(today, 1) };
  if (endMs <= startMs) return around;
  // Data that ends at midnight has nothing of the next day.
  const [start, end] = [dateAt(startMs, zone), dateAt(endMs - 1, zone)];
  if (start <= around.last && end >= around.first) return around;
  if (startMs > nowMs) return { first: start, last: earlier(end, addDays(start, 2)) };
  return { first: later(start, addDays(end, -2)), last: end };
}

const earlier = (one: string, other: string): string => (one < other ? one : other);
const later = (one: string, other: string): string => (one > other ? one : other);
