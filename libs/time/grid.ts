import { addDuration, Duration, durationToMs, isNominal } from './duration';
import { TimeError } from './time-error';
import { clockOf } from './zone-clock';

/**
 * Starts of the events of one exact resolution in the half-open window [startMs, endMs): startMs, startMs +
 * resolutionMs and so on, in epoch milliseconds. The last event may reach beyond the window. The caller bounds the
 * window: this allocates 8 bytes per event.
 *
 * @throws TimeError INVALID_DURATION unless the resolution is positive
 */
export function eventStarts(startMs: number, endMs: number, resolutionMs: number): Float64Array {
  if (!(resolutionMs > 0))
    throw new TimeError('INVALID_DURATION', 'The resolution of events must be positive.');
  const starts = new Float64Array(Math.max(0, Math.ceil((endMs - startMs) / resolutionMs)));
  for (let i = 0; i < starts.length; i++) starts[i] = startMs + i * resolutionMs;
  return starts;
}

/**
 * Starts of the events of a duration in the half-open window [startMs, endMs), epoch milliseconds. Days, weeks, months
 * and years follow the zone's calendar, so a P1D grid has days of 23 and 25 hours; exact durations as in eventStarts.
 *
 * @throws TimeError INVALID_DURATION unless the duration is positive, INVALID_TIMEZONE
 */
export function nominalStarts(
  startMs: number,
  endMs: number,
  duration: Duration,
  zone: string,
): Float64Array {
  if (!isNominal(duration)) return eventStarts(startMs, endMs, durationToMs(duration));
  if (duration.negative)
    throw new TimeError('INVALID_DURATION', 'The resolution of events must be positive.');
  const starts: number[] = [];
  let lastMs = -Infinity;
  for (let i = 0, nextMs = startMs; nextMs < endMs; nextMs = addDuration(startMs, duration, zone, ++i)) {
    // A zone that crosses the date line skips a whole day, which then starts together with the one after it.
    if (nextMs > lastMs) starts.push(nextMs);
    lastMs = nextMs;
  }
  return Float64Array.from(starts);
}

/**
 * The latest step at or before an instant on the grid of steps that the zone's wall clock shows: full hours of local
 * time for PT1H, local midnights for PT24H. Steps are counted from local midnight of 1 January 1970, so each day has
 * the same grid when the resolution divides 24 hours. Resolution 0 (instantaneous) leaves the instant as it is.
 *
 * @throws TimeError INVALID_TIMEZONE
 */
export function floorToStep(instantMs: number, resolutionMs: number, zone: string): number {
  if (resolutionMs === 0) return instantMs;
  const clock = clockOf(zone);
  const offsetMs = clock.offsetMsAt(instantMs);
  const localMs = Math.floor((instantMs + offsetMs) / resolutionMs) * resolutionMs;
  const stepMs = localMs - offsetMs;
  if (clock.offsetMsAt(stepMs) === offsetMs) return stepMs;
  // The clocks changed between the step and the instant.
  const found = clock.localToInstant(localMs);
  if (found.kind === 'unique') return found.instantMs;
  if (found.kind === 'missing') return found.transition;
  return found.second <= instantMs ? found.second : found.first;
}

/** The earliest step at or after an instant; see floorToStep for the grid. */
export function ceilToStep(instantMs: number, resolutionMs: number, zone: string): number {
  if (isOnStep(instantMs, resolutionMs, zone)) return instantMs;
  const clock = clockOf(zone);
  const offsetMs = clock.offsetMsAt(instantMs);
  const localMs = (Math.floor((instantMs + offsetMs) / resolutionMs) + 1) * resolutionMs;
  const stepMs = localMs - offsetMs;
  if (isOnStep(stepMs, resolutionMs, zone)) return stepMs;
  const found = clock.localToInstant(localMs);
  if (found.kind === 'unique') return found.instantMs;
  if (found.kind === 'missing') return found.transition;
  return found.first > instantMs ? found.first : found.second;
}

/** Whether an instant is a step of the grid of floorToStep. */
export function isOnStep(instantMs: number, resolutionMs: number, zone: string): boolean {
  return floorToStep(instantMs, resolutionMs, zone) === instantMs;
}
