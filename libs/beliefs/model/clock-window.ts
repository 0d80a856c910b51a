import { DAY_MS } from '#lib/time';

/**
 * The last full window of wall-clock time before now, such as 03:15 to 03:30 at 03:36. Windows are counted from
 * midnight.
 *
 * @param nowMs wall-clock time written as if it were UTC
 * @param windowMs length of the windows
 * @param graceMs a window that ended less than this before now is passed over, since its data may still be on the way
 * @returns wall-clock times in the same form
 */
export function mostRecentClockWindow(
  nowMs: number,
  windowMs: number,
  graceMs = 0,
): { startMs: number; endMs: number } {
  const latestEndMs = nowMs - graceMs;
  const midnightMs = Math.floor(latestEndMs / DAY_MS) * DAY_MS;
  const endMs = midnightMs + Math.floor((latestEndMs - midnightMs) / windowMs) * windowMs;
  return { startMs: endMs - windowMs, endMs };
}
