import { addDuration, DAY_MS, eventStarts, HOUR_MS, nominalStarts, ZoneClock } from '#lib/time';
import type { Duration } from '#lib/time';

/** Consecutive bins of time: bin i begins at `starts[i]` and ends (exclusive) at `ends[i]`, epoch ms. */
export interface Bins {
  starts: Float64Array;
  ends: Float64Array;
}

/**
 * Bins that cover a window from its start, as the answer to a reading does. Days and longer follow the zone's
 * calendar, so that a day has 23 or 25 hours where the clocks change; the last bin may reach beyond the window.
 *
 * @param startMs epoch ms
 * @param endMs epoch ms, exclusive
 */
export function windowBins(startMs: number, endMs: number, step: Duration, zone: string): Bins {
  const starts = nominalStarts(startMs, endMs, step, zone);
  const ends = new Float64Array(starts.length);
  ends.set(starts.subarray(1));
  if (ends.length > 0) ends[ends.length - 1] = addDuration(startMs, step, zone, starts.length);
  return { starts, ends };
}

/** Bins of one exact length that cover [startMs, endMs), epoch ms. */
export function exactBins(startMs: number, endMs: number, stepMs: number): Bins {
  const starts = eventStarts(startMs, endMs, stepMs);
  return { starts, ends: starts.map((start) => start + stepMs) };
}

/**
 * The instants in [fromMs, toMs] at which the zone's wall clock shows a multiple of the step, counted from midnight;
 * preceded by the last such instant before `fromMs`. An hour that is shown twice gives its steps twice, one that is
 * skipped gives none, so that the steps stay in line with midnight.
 */
export function wallClockSteps(fromMs: number, toMs: number, stepMs: number, zone: string): Float64Array {
  const clock = new ZoneClock(zone);
  const steps = new Set<number>();
  // One step more on both sides, and a day for what the clocks may have moved in between.
  const firstLocal = Math.floor((clock.instantToLocal(fromMs) - DAY_MS) / stepMs - 1) * stepMs;
  const lastLocal = clock.instantToLocal(toMs) + DAY_MS + stepMs;
  for (let local = firstLocal; local <= lastLocal; local += stepMs) {
    const found = clock.localToInstant(local);
    if (found.kind === 'unique') steps.add(found.instantMs);
    if (found.kind === 'ambiguous') steps.add(found.first).add(found.second);
  }
  const sorted = Float64Array.from(steps).sort();
  const firstInside = sorted.findIndex((step) => step >= fromMs);
  const first = sorted[firstInside] === fromMs ? firstInside : firstInside - 1;
  return sorted.slice(first).filter((step) => step <= toMs);
}

/**
 * How far apart the instants of an instantaneous sensor are given when nobody asks: weekly for windows over 16 weeks,
 * daily over 14 days, hourly over 48 hours, every 15 minutes over 8 hours, else every 5 minutes.
 */
export function defaultFrequency(windowMs: number): Duration {
  if (windowMs > 16 * 7 * DAY_MS) return { weeks: 1 };
  if (windowMs > 14 * DAY_MS) return { days: 1 };
  if (windowMs > 48 * HOUR_MS) return { hours: 1 };
  return { minutes: windowMs > 8 * HOUR_MS ? 15 : 5 };
}
