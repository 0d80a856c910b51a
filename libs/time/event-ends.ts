import { DAY_MS } from './clock-units';
import { clockOf, type ZoneClock } from './zone-clock';

/**
 * When events end that last `lengthMs`. An event is that long, except where the zone's clocks change during it. There
 * it ends when the clock shows the time that an ordinary day would have reached (a day then has 23 or 25 hours), if
 * - a neighbouring event starts at that moment, or
 * - no neighbour starts exactly `lengthMs` later either, and the event lasts whole days from local midnight on.
 *
 * Events whose length divides the change of the clock (hours and quarters) always have their exact length.
 *
 * @param eventStarts epoch milliseconds, ascending or descending: the elements beside an event are its neighbours
 * @param before start of the event that stands before the first one, NaN if there is none
 * @param after start of the event that stands after the last one, NaN if there is none
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
  const clock = clockOf(zone);
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

/** The end of an event during which the clocks change. */
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
