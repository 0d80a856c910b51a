import { joinedExtent, type BeliefsSaved, type SavedExtent } from '#lib/beliefs';
import { COMPUTED_SOURCE_TYPES, type Sensor, type Source } from '#lib/sensors';
import { DAY_MS } from '#lib/time';
import { isPriceUnit } from '#lib/units';

/** New data that is older than this does not trigger forecasts, but is treated as a correction. */
export const MAX_DATA_AGE_MS = 2 * DAY_MS;

type Extents = Pick<BeliefsSaved, 'measurements' | 'forecasts'>;

/** Data of one sensor that was saved within a short time. */
export interface NewData {
  sensorId: number;
  /** Time of the last save; epoch milliseconds. */
  savedAtMs: number;
  /** Extents of the saved data, by source id. */
  sources: Record<number, Extents>;
}

/** From the start of the first event to the end of the last one; epoch milliseconds. */
export interface EventSpan {
  startMs: number;
  endMs: number;
}

export const toNewData = ({ sensorId, sourceId, savedAtMs, ...extents }: BeliefsSaved): NewData => ({
  ...{ sensorId, savedAtMs },
  sources: { [sourceId]: extents },
});

/** Merges new data of the same sensor. */
export function mergeNewData(one: NewData, other: NewData): NewData {
  const sources = { ...one.sources };
  for (const [id, extents] of Object.entries(other.sources)) {
    const { measurements, forecasts } = sources[Number(id)] ?? {};
    sources[Number(id)] = {
      measurements: mergeExtents(measurements, extents.measurements),
      forecasts: mergeExtents(forecasts, extents.forecasts),
    };
  }
  return { ...one, savedAtMs: Math.max(one.savedAtMs, other.savedAtMs), sources };
}

/**
 * The span of the events with measurements; undefined if there are none. Beliefs after the event are measurements, for
 * prices also beliefs before the event. Beliefs of forecasters and schedulers are never measurements.
 * @param sources the sources of the data
 */
export function measuredSpan(
  { unit, eventResolutionMs }: Pick<Sensor, 'unit' | 'eventResolutionMs'>,
  data: NewData,
  sources: readonly Pick<Source, 'id' | 'type'>[],
): EventSpan | undefined {
  let measured: SavedExtent | undefined;
  for (const { id, type } of sources) {
    if (COMPUTED_SOURCE_TYPES.includes(type)) continue;
    const { measurements, forecasts } = data.sources[id] ?? {};
    measured = mergeExtents(
      measured,
      isPriceUnit(unit) ? mergeExtents(measurements, forecasts) : measurements,
    );
  }
  return measured && { startMs: measured.firstStartMs, endMs: measured.lastStartMs + eventResolutionMs };
}

/**
 * Whether data may correct the training data of cached models: it is about events that are more than two days old.
 * @param startMs start of the first event of the data
 */
export const isCorrection = (startMs: number, savedAtMs: number): boolean =>
  startMs < savedAtMs - MAX_DATA_AGE_MS;

function mergeExtents(one: SavedExtent | undefined, other: SavedExtent | undefined): SavedExtent | undefined {
  return one && other ? joinedExtent(one, other) : (one ?? other);
}
