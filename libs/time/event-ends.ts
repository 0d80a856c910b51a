import { DAY_MS } from './clock-units';
import { getClock, type ZoneClock } from './zone-clock';

/**
 * The ends of events with a nominal length of `lengthMs`. An event has this length, except during a clock change of the zone.
 * Then its end is at the expected local time (a day has 23 or 25 hours), if
 * - a neighbouring event starts at that time, or
 * - no neighbour starts exactly `lengthMs` later, and the event consists of whole days from local midnight.
 *
 * Events whose length divides the clock change (an hour, 15 minutes) always have their exact length.
 *
 * @param eventStarts epoch milliseconds, ascending or descending; adjacent elements are neighbours
 * @param before start of the neighbour before the first event, NaN if there is none
 * @param after start of the neighbour after the last event, NaN if there is none
 * @returns epoch milliseconds, aligned with `eventStarts`
 * @throws TimeError INVALID_TIMEZONE
 */
export function eventEnds(
  eventStarts: Float64Array,
  lengthMs: number,
  zone: string,
  before = NaN,
  after = NaN,
): Float64Array {
  const clock = getClock(zone);
  const ends = new Float64Array(eventStarts.length);
  // Loops here are several times faster than `map` of typed arrays.
  for (let i = 0; i < ends.length; i++) {
    const start = eventStarts[i]!;
    ends[i] = start + lengthMs;
    const changeMs = clock.offsetMsAt(start) - clock.offsetMsAt(ends[i]!);
    if (changeMs === 0 || changeMs % lengthMs === 0) continue;
    const neighbours = [eventStarts[i - 1] ?? before, eventStarts[i + 1] ?? after];
    ends[i] = endAcrossChange(start, lengthMs, clock, neighbours);
  }
  return ends;
}

/** The end of an event with a clock change during it. */
function endAcrossChange(
  start: number,
  lengthMs: number,
  clock: ZoneClock,
  neighbours: readonly number[],
): number {
  const localStart = clock.instantToLocal(start);
  const clockEnd = clock.resolveLocal(localStart + lengthMs);
  if (neighbours.includes(clockEnd)) return clockEnd;
  const exactEnd = start + lengthMs;
  if (neighbours.includes(exactEnd)) return exactEnd;
  return localStart % DAY_MS === 0 && lengthMs % DAY_MS === 0 ? clockEnd : exactEnd;
}
