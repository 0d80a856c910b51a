import { joinedExtent, type BeliefsSaved, type SavedExtent } from '#lib/beliefs';
import type { Sensor, Source } from '#lib/sensors';
import { DAY_MS } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import { COMPUTED } from './forecast-inputs';

/** Forecasts follow from so much of the new data at most: older forecasts would help nobody any more. */
export const LATEST_MS = 2 * DAY_MS;

type Extents = Pick<BeliefsSaved, 'measurements' | 'forecasts'>;

/** Data of one sensor that arrived within a short time. */
export interface NewData {
  sensorId: number;
  /** When the latest of it was saved; epoch milliseconds. */
  savedAtMs: number;
  /** What was saved of each source, by source id. */
  sources: Record<number, Extents>;
}

/** Events from the start of the first to the end of the last; epoch milliseconds. */
export interface EventSpan {
  startMs: number;
  endMs: number;
}

export const toNewData = ({ sensorId, sourceId, savedAtMs, ...extents }: BeliefsSaved): NewData => ({
  ...{ sensorId, savedAtMs },
  sources: { [sourceId]: extents },
});

/** Both as one. They are about the same sensor. */
export function mergeNewData(one: NewData, other: NewData): NewData {
  const sources = { ...one.sources };
  for (const [id, extents] of Object.entries(other.sources)) {
    const { measurements, forecasts } = sources[Number(id)] ?? {};
    sources[Number(id)] = {
      measurements: joined(measurements, extents.measurements),
      forecasts: joined(forecasts, extents.forecasts),
    };
  }
  return { ...one, savedAtMs: Math.max(one.savedAtMs, other.savedAtMs), sources };
}

/**
 * The events that the data tells the truth about; undefined if there are none. That is what was recorded after the fact.
 * What was said before it is somebody's forecast, except for prices, which are known before. What forecasters and
 * schedulers say is never the truth.
 * @param sources those that the data names
 */
export function measuredSpan(
  { unit, eventResolutionMs }: Pick<Sensor, 'unit' | 'eventResolutionMs'>,
  data: NewData,
  sources: readonly Pick<Source, 'id' | 'type'>[],
): EventSpan | undefined {
  let measured: SavedExtent | undefined;
  for (const { id, type } of sources) {
    if (COMPUTED.includes(type)) continue;
    const { measurements, forecasts } = data.sources[id] ?? {};
    measured = joined(measured, isPriceUnit(unit) ? joined(measurements, forecasts) : measurements);
  }
  return measured && { startMs: measured.firstStartMs, endMs: measured.lastStartMs + eventResolutionMs };
}

/**
 * Whether data may correct what models have learnt: they know the data of the last days as it came.
 * @param startMs of the first event that the data is about
 */
export const isCorrection = (startMs: number, savedAtMs: number): boolean => startMs < savedAtMs - LATEST_MS;

function joined(one: SavedExtent | undefined, other: SavedExtent | undefined): SavedExtent | undefined {
  return one && other ? joinedExtent(one, other) : (one ?? other);
}
