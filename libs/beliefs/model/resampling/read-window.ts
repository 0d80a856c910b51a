import { durationToMs, isNominal, type Duration } from '#lib/time';
import { defaultFrequency, windowBins } from './clock-grid';
import { resampleEvents } from './resample-events';
import { resampleInstants } from './resample-instants';
import type { ValueNature } from './value-nature';

/** One value per event, epoch ms ascending. */
export interface EventValues {
  eventStarts: Float64Array;
  values: Float64Array;
}

export interface ReadSensor {
  /** Length of the events; 0 for instantaneous sensors. */
  resolutionMs: number;
  nature: ValueNature;
  /** In which days and months are meant. */
  zone: string;
}

/** Epoch ms; the end is exclusive. */
export interface ReadWindow {
  startMs: number;
  endMs: number;
  /** How far apart values shall be; the sensor's resolution, or for instants a default by the window's length. */
  resolution?: Duration;
}

/**
 * The values of a window as a reading answers them: at regular steps from the window's start to its end, NaN where
 * nothing is known, whatever is known. Events that last some time are brought onto the steps (`resampleEvents`), of
 * instants the values exactly at the steps are given.
 *
 * @param series events around the window, one value each; events before it count where they reach into it
 */
export function readWindow(series: EventValues, sensor: ReadSensor, window: ReadWindow): EventValues {
  const { startMs, endMs } = window;
  const isInstantaneous = sensor.resolutionMs === 0;
  const asked = window.resolution && !isEmpty(window.resolution) ? window.resolution : undefined;
  const ownStep = isInstantaneous
    ? defaultFrequency(endMs - startMs)
    : { seconds: sensor.resolutionMs / 1000 };
  const bins = windowBins(startMs, endMs, asked ?? ownStep, sensor.zone);
  const values = isInstantaneous
    ? resampleInstants(series.eventStarts, series.values, bins.starts, 0)
    : resampleEvents(series.eventStarts, series.values, sensor.resolutionMs, bins, sensor.nature);
  return { eventStarts: bins.starts, values };
}

/** Instantaneous sensors have resolution PT0H; asking for it means: as the sensor is. */
function isEmpty(duration: Duration): boolean {
  return !isNominal(duration) && durationToMs(duration) === 0;
}
