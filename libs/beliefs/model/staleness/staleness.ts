import { DAY_MS, HOUR_MS } from '#lib/time';

/** What one type of source states about a sensor, newest event first. Aligned arrays; at least one event. */
export interface SourceRhythm {
  /** Starts of the latest events, epoch ms. */
  eventStarts: Float64Array;
  /** Time of the first belief about each event, epoch ms. */
  beliefTimes: Float64Array;
}

/** What the expectations depend on. */
export interface ObservedSensor {
  /** Length of an event, ms; 0 for instantaneous sensors. */
  resolutionMs: number;
  /** When an event can be known; epoch ms. */
  knowledgeTimeAt: (eventStartMs: number) => number;
}

/** How old the data of a type of source is, and how old it may be. Times are epoch ms. */
export interface Staleness {
  isStale: boolean;
  /** The latest event. */
  lastEventStartMs: number;
  /** Knowledge time of the latest event; of computed data, the start of this event. */
  sinceMs: number;
  /** When the data becomes stale, or became stale, unless new data arrives. */
  deadlineMs: number;
}

/** Delays longer than this are those of old data that was imported later. */
const MAX_DELAY_MS = 2 * DAY_MS;
/** Share of the events that arrived at least as fast as the expected delay. */
const TYPICAL_SHARE = 0.9;
/** Steps of instantaneous sensors of which only one event is known. */
const UNKNOWN_STEP_MS = HOUR_MS;
/** Computed data should reach at least so far into the future, unless it was made for a shorter period. */
const MIN_LEAD_MS = 12 * HOUR_MS;

/**
 * Whether measured data is stale: the event after the latest one should have arrived by now. It is expected at its
 * knowledge time, plus the delay with which nine of ten of the latest events arrived, plus one step as a tolerance.
 */
export function measuredStaleness(
  { eventStarts, beliefTimes }: SourceRhythm,
  sensor: ObservedSensor,
  nowMs: number,
): Staleness {
  const lastEventStartMs = eventStarts[0]!;
  const sinceMs = knownAt(lastEventStartMs, sensor);
  const stepMs = typicalStep(eventStarts, sensor.resolutionMs);
  const delays = eventStarts.map((start, i) => beliefTimes[i]! - knownAt(start, sensor));
  const delayMs = Math.min(MAX_DELAY_MS, Math.max(0, quantile(delays, TYPICAL_SHARE)));
  const deadlineMs = knownAt(lastEventStartMs + stepMs, sensor) + delayMs + stepMs;
  return { isStale: nowMs > deadlineMs, lastEventStartMs, sinceMs, deadlineMs };
}

/**
 * Whether forecasts or schedules are stale: they should reach 12 hours into the future, or half as far as the latest one
 * did when it was made, if that is less.
 */
export function computedStaleness({ eventStarts, beliefTimes }: SourceRhythm, nowMs: number): Staleness {
  const lastEventStartMs = eventStarts[0]!;
  const leadMs = Math.max(0, lastEventStartMs - beliefTimes[0]!);
  const deadlineMs = lastEventStartMs - Math.min(MIN_LEAD_MS, leadMs / 2);
  return { isStale: nowMs > deadlineMs, lastEventStartMs, sinceMs: lastEventStartMs, deadlineMs };
}

/** The knowledge time of an event; its end if all events become known at one time. */
function knownAt(startMs: number, { resolutionMs, knowledgeTimeAt }: ObservedSensor): number {
  const isMoving = knowledgeTimeAt(startMs) !== knowledgeTimeAt(startMs + 366 * DAY_MS);
  return isMoving ? knowledgeTimeAt(startMs) : startMs + resolutionMs;
}

/** The usual time from one event to the next: their resolution, or more if events are left out. */
function typicalStep(eventStarts: Float64Array, resolutionMs: number): number {
  const gaps = eventStarts.slice(1).map((start, i) => eventStarts[i]! - start);
  if (gaps.length === 0) return resolutionMs > 0 ? resolutionMs : UNKNOWN_STEP_MS;
  return Math.max(resolutionMs, quantile(gaps, 0.5));
}

/** The smallest value that is at least as large as a share of the values. */
function quantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
