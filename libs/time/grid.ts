import { runAtOnce, type Pausable } from '#lib/concurrency';
import { DAY_MS, SECOND_MS } from './clock-units';
import { addDuration, Duration, durationToMs, isNominal } from './duration';
import { TimeError } from './time-error';
import { getClock } from './zone-clock';

/**
 * Starts of the events of one exact resolution in the half-open window [startMs, endMs): startMs, startMs +
 * resolutionMs and so on, in epoch milliseconds. The last event can end after the window. The caller must limit the
 * window: each event takes 8 bytes.
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

/** Consecutive bins of time: bin i starts at `starts[i]` and ends (exclusive) at `ends[i]`, epoch milliseconds. */
export interface Bins {
  starts: Float64Array;
  ends: Float64Array;
}

/** Bins of one exact length that cover [startMs, endMs) from its start; the window and the errors are as in eventStarts. */
export function exactBins(startMs: number, endMs: number, stepMs: number): Bins {
  const starts = eventStarts(startMs, endMs, stepMs);
  const ends = new Float64Array(starts.length);
  for (let i = 0; i < ends.length; i++) ends[i] = starts[i]! + stepMs;
  return { starts, ends };
}

/**
 * Bins of a duration that cover [startMs, endMs) from its start; the last one can end after the window. Days, weeks, months
 * and years follow the calendar of the zone, so a day has 23 or 25 hours at a clock change.
 *
 * @throws TimeError INVALID_DURATION unless the duration is positive, INVALID_TIMEZONE
 */
export function nominalBins(startMs: number, endMs: number, duration: Duration, zone: string): Bins {
  return runAtOnce(nominalBinsInSteps(startMs, endMs, duration, zone));
}

/**
 * The length of events as a duration. Events of whole days are calendar days, so they have 23 or 25 hours at a clock change.
 */
export const eventDuration = (lengthMs: number): Duration =>
  lengthMs > 0 && lengthMs % DAY_MS === 0 ? { days: lengthMs / DAY_MS } : { seconds: lengthMs / SECOND_MS };

/**
 * Start of an event that is `steps` events of one length after the event that starts at `startMs`. Events of whole days
 * follow the calendar of the zone.
 *
 * @throws TimeError INVALID_TIMEZONE
 */
export function eventStartAfter(startMs: number, lengthMs: number, steps: number, zone: string): number {
  if (steps === 0 || lengthMs % DAY_MS !== 0) return startMs + steps * lengthMs;
  const clock = getClock(zone);
  return clock.resolveLocal(clock.instantToLocal(startMs) + steps * lengthMs);
}

/** The number of events of one length in [startMs, endMs), maybe with a fraction; see `eventStartAfter`. */
export function countEventsIn(startMs: number, endMs: number, lengthMs: number, zone: string): number {
  if (lengthMs % DAY_MS !== 0) return (endMs - startMs) / lengthMs;
  const clock = getClock(zone);
  return (clock.instantToLocal(endMs) - clock.instantToLocal(startMs)) / lengthMs;
}

/** Bins that are counted by the calendar between two pauses. */
const BINS_AT_ONCE = 1024;

/** As `nominalBins`, with pauses: a thousand years of days take half a second. */
export function* nominalBinsInSteps(
  startMs: number,
  endMs: number,
  duration: Duration,
  zone: string,
): Pausable<Bins> {
  if (!isNominal(duration)) return exactBins(startMs, endMs, durationToMs(duration));
  if (duration.negative)
    throw new TimeError('INVALID_DURATION', 'The resolution of events must be positive.');
  const boundaries = [startMs];
  for (let i = 1, lastMs = startMs; lastMs < endMs; i++) {
    const nextMs = addDuration(startMs, duration, zone, i);
    // A zone that moves across the date line skips a whole day: the day has no length and is omitted.
    if (nextMs > lastMs) boundaries.push((lastMs = nextMs));
    if (i % BINS_AT_ONCE === 0) yield;
  }
  return { starts: Float64Array.from(boundaries.slice(0, -1)), ends: Float64Array.from(boundaries.slice(1)) };
}

/**
 * The latest step at or before an instant, on a grid in local time: full hours of local time for PT1H, local midnights for
 * PT24H. Steps are counted from local midnight of 1 January 1970, so each day has the same grid if the resolution divides 24
 * hours.
 *
 * At clock changes: skipped steps start together, at the change. Repeated steps occur twice if the resolution divides the
 * change (PT1H, PT15M), otherwise once (a step of PT2H from 02:00). With resolution 0, the instant is not changed.
 *
 * @throws TimeError INVALID_TIMEZONE
 */
export function floorToStep(instantMs: number, resolutionMs: number, zone: string): number {
  if (resolutionMs === 0) return instantMs;
  const clock = getClock(zone);
  const startMs = clock.instantToLocal(instantMs);
  const shown = clock.localToInstant(startMs);
  if (shown.kind === 'ambiguous' && instantMs === shown.second && !isRepeated(shown, resolutionMs)) {
    return floorToStep(shown.transition - 1, resolutionMs, zone);
  }
  const found = clock.localToInstant(Math.floor(startMs / resolutionMs) * resolutionMs);
  if (found.kind === 'unique') return found.instantMs;
  if (found.kind === 'missing') return found.transition;
  if (instantMs < found.transition) return found.first;
  if (!isRepeated(found, resolutionMs)) return floorToStep(found.transition - 1, resolutionMs, zone);
  return found.second <= instantMs ? found.second : found.first;
}

/** The earliest step at or after an instant; see floorToStep for the grid and the errors. */
export function ceilToStep(instantMs: number, resolutionMs: number, zone: string): number {
  if (isOnStep(instantMs, resolutionMs, zone)) return instantMs;
  const clock = getClock(zone);
  const startMs = clock.instantToLocal(instantMs);
  const localMs = (Math.floor(startMs / resolutionMs) + 1) * resolutionMs;
  const found = clock.localToInstant(localMs);
  if (found.kind === 'missing') return found.transition;
  if (found.kind === 'ambiguous') {
    if (found.first > instantMs) return found.first;
    if (isRepeated(found, resolutionMs)) return found.second;
    const lastRepeatedMs = found.transition + localMs - found.first;
    return clock.resolveLocal(Math.ceil(lastRepeatedMs / resolutionMs) * resolutionMs);
  }
  // There may be a step of the repeated hour in between.
  const soonMs = instantMs + localMs - startMs;
  return soonMs < found.instantMs && isOnStep(soonMs, resolutionMs, zone) ? soonMs : found.instantMs;
}

/** A start that misses the next step by less than this part of the resolution belongs to that step. */
const SNAP_SHARE = 1 / 50;

/**
 * The step to which an event belongs that starts at an instant off the grid: the latest step before it, or the next one if
 * the start misses that by less than a fiftieth of the resolution, such as 00:14:59 for 15 minutes. See floorToStep for
 * the grid and the errors.
 */
export function snapToStep(instantMs: number, resolutionMs: number, zone: string): number {
  const before = floorToStep(instantMs, resolutionMs, zone);
  if (before === instantMs) return instantMs;
  const after = ceilToStep(instantMs, resolutionMs, zone);
  return after - instantMs < resolutionMs * SNAP_SHARE ? after : before;
}

/** Whether an instant is as near to a step, before or after it, as snapToStep forgives. */
export function isNearStep(instantMs: number, resolutionMs: number, zone: string): boolean {
  const marginMs = resolutionMs * SNAP_SHARE;
  return (
    instantMs - floorToStep(instantMs, resolutionMs, zone) < marginMs ||
    ceilToStep(instantMs, resolutionMs, zone) - instantMs < marginMs
  );
}

/** Whether an instant is a step of the grid of floorToStep. */
export function isOnStep(instantMs: number, resolutionMs: number, zone: string): boolean {
  return floorToStep(instantMs, resolutionMs, zone) === instantMs;
}

/**
 * The latest full window in local time (for 5 minutes, for example 10:00 to 10:05) that ended at least a grace period before
 * `nowMs`. All in milliseconds; see floorToStep for the grid and the errors.
 */
export function mostRecentClockWindow(
  windowMs: number,
  nowMs: number,
  zone: string,
  gracePeriodMs = 0,
): { startMs: number; endMs: number } {
  const endMs = floorToStep(nowMs - gracePeriodMs, windowMs, zone);
  return { startMs: floorToStep(endMs - 1, windowMs, zone), endMs };
}

function isRepeated(time: { first: number; second: number }, resolutionMs: number): boolean {
  return (time.second - time.first) % resolutionMs === 0;
}
