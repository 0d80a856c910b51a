import { runAtOnce, type Pausable } from '#lib/concurrency';
import {
  DAY_MS,
  durationToMs,
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
  /** Length of the steps; by default the sensor's resolution, or for instants a length that suits the window. */
  resolution?: Duration;
}

/** One value per step of a window. */
export interface StepValues extends EventValues {
  /** Aligned with `eventStarts`, epoch ms: when each step ends. */
  eventEnds: Float64Array;
  /** Number of steps whose stock is known only in part. */
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
  if (isLone && sensor.nature === 'stock') bins.ends[0] = window.endMs;
  const { values, partialBins } = yield* resampleValuesInSteps(events, sensor, bins);
  return { eventStarts: bins.starts, eventEnds: bins.ends, values, partialSteps: partialBins };
}

function binsOf(
  { resolutionMs, zone }: ResampledSensor,
  { startMs, endMs, resolution }: ReadWindow,
): Pausable<Bins> {
  const ownStep = resolutionMs === 0 ? defaultFrequency(endMs - startMs) : { seconds: resolutionMs / 1000 };
  const step = resolution && !isZero(resolution) ? resolution : ownStep;
  return nominalBinsInSteps(startMs, endMs, isWholeDays(resolutionMs) ? inDays(step) : step, zone);
}

const isWholeDays = (ms: number): boolean => ms > 0 && ms % DAY_MS === 0;

/** Events of days start at midnight, also where the clocks change: 24 hours mean a day of such a sensor. */
const inDays = (step: Duration): Duration =>
  !isNominal(step) && isWholeDays(durationToMs(step)) ? { days: durationToMs(step) / DAY_MS } : step;

/** Instantaneous sensors have resolution PT0H; asking for it means: as the sensor is. */
const isZero = (duration: Duration): boolean => !isNominal(duration) && durationToMs(duration) === 0;

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
