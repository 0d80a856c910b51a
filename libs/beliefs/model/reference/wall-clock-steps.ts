import { DAY_MS, ZoneClock } from '#lib/time';

/**
 * The instants in [fromMs, toMs] at which the zone's wall clock shows a multiple of the step, counted from midnight;
 * preceded by the last such instant before `fromMs`. An hour that occurs twice gives its steps twice, a skipped hour
 * gives none, so that the steps stay aligned with midnight.
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
