import { runAtOnce, type Pausable } from '#lib/concurrency';
import {
  DAY_MS,
  durationToMs,
  eventDuration,
  HOUR_MS,
  isNominal,
  nominalBinsInSteps,
  type Bins,
  type Duration,
} from '#lib/time';
import { resampleValuesInSteps, type EventValues, type ResampledSensor } from './resample-values';

/** Epoch ms; the end is exclusive. */
export interface ReadWindow {
  startMs: number;
  endMs: number;
  /**
   * Length of the steps; by default the sensor's resolution (calendar days if it is whole days), or for instants a length
   * that suits the window.
   */
  resolution?: Duration;
}

/** One value per step of a window. */
export interface StepValues extends EventValues {
  /** Aligned with `eventStarts`, epoch ms: when each step ends. */
  eventEnds: Float64Array;
  /** Number of steps whose amount is known only in part. */
  partialSteps: number;
}

/**
 * The values of a window as an API answer gives them: at regular steps that cover the window from its start, NaN where
 * nothing is known. The last step may reach beyond the window.
 *
 * @param events known values in and around the window; an event that starts before the window counts where it reaches
 *   into it
 * @param sensor its zone is also the one in which steps of days and months follow the calendar
 */
export function readWindow(events: EventValues, sensor: ResampledSensor, window: ReadWindow): StepValues {
  return runAtOnce(readWindowInSteps(events, sensor, window));
}

/** As `readWindow`, with pauses. */
export function* readWindowInSteps(
  events: EventValues,
  sensor: ResampledSensor,
  window: ReadWindow,
): Pausable<StepValues> {
  const bins = yield* binsOf(sensor, window);
  yield;
  const isLone = bins.starts.length === 1 && !(window.resolution && isNominal(window.resolution));
  // A lone step of exact length is the window.
  if (isLone && sensor.aggregation === 'sum') bins.ends[0] = window.endMs;
  const { values, partialBins } = yield* resampleValuesInSteps(events, sensor, bins);
  return { eventStarts: bins.starts, eventEnds: bins.ends, values, partialSteps: partialBins };
}

function binsOf(
  { resolutionMs, zone }: ResampledSensor,
  { startMs, endMs, resolution }: ReadWindow,
): Pausable<Bins> {
  const ownStep = resolutionMs === 0 ? defaultFrequency(endMs - startMs) : eventDuration(resolutionMs);
  const step = resolution && !isOwn(resolution, resolutionMs) ? resolution : ownStep;
  return nominalBinsInSteps(startMs, endMs, step, zone);
}

/**
 * Whether the requested resolution is the sensor's, as answers give it: PT0H of instantaneous sensors, PT24H of daily ones.
 * PT0H always means: as the sensor is.
 */
function isOwn(requested: Duration, resolutionMs: number): boolean {
  if (isNominal(requested)) return false;
  const requestedMs = durationToMs(requested);
  return requestedMs === 0 || requestedMs === resolutionMs;
}

/**
 * The default distance of instants in a reading: weekly for windows over 16 weeks, daily over 14 days, hourly over 48
 * hours, every 15 minutes over 8 hours, else every 5 minutes.
 */
export function defaultFrequency(windowMs: number): Duration {
  if (windowMs > 16 * 7 * DAY_MS) return { weeks: 1 };
  if (windowMs > 14 * DAY_MS) return { days: 1 };
  if (windowMs > 48 * HOUR_MS) return { hours: 1 };
  return { minutes: windowMs > 8 * HOUR_MS ? 15 : 5 };
}
