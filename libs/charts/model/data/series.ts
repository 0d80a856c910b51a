import { pickValues, type BeliefColumns } from '#lib/beliefs/model';

/** Values of one source about one sensor, as columns. */
export interface Series {
  sensorId: number;
  sourceId: number;
  cumulativeProbability: number;
  /** Length of the buckets (ms); null if each value is that of one event. */
  bucketMs: number | null;
  /** Starts of the events or buckets, epoch milliseconds, ascending. */
  eventStarts: Float64Array;
  /** Milliseconds; only for values of events. */
  beliefHorizons?: Float64Array;
  /** Epoch milliseconds; only if asked for. */
  beliefTimes?: Float64Array;
  /** Values of the events, or means in the buckets. */
  values: Float64Array;
  /** Only for buckets. */
  minima?: Float64Array;
  maxima?: Float64Array;
}

/** Values in buckets, ordered by source. */
export interface BucketValues {
  sourceIds: Int32Array;
  /** Epoch milliseconds. */
  starts: Float64Array;
  minima: Float64Array;
  means: Float64Array;
  maxima: Float64Array;
}

/**
 * The length (ms) of at most `count` equal buckets for a window: a multiple of the resolution of the sensor. Undefined if
 * the window has no more events than that; of instantaneous sensors (resolution 0), the number of events is unknown.
 */
export function bucketLength(windowMs: number, count: number, resolutionMs: number): number | undefined {
  if (resolutionMs > 0 && windowMs <= count * resolutionMs) return undefined;
  const unitMs = resolutionMs > 0 ? resolutionMs : 1;
  return Math.max(1, Math.ceil(windowMs / count / unitMs)) * unitMs;
}

/** Splits beliefs, ordered by event, into one series per source and cumulative probability. */
export function splitBeliefs(sensorId: number, beliefs: BeliefColumns): Series[] {
  const { eventStarts, beliefHorizons, values } = beliefs;
  return rowsByKey(beliefs).map(({ sourceId, cumulativeProbability, rows }) => ({
    ...{ sensorId, sourceId, cumulativeProbability, bucketMs: null },
    eventStarts: rows ? pickValues(eventStarts, rows) : eventStarts,
    beliefHorizons: rows ? pickValues(beliefHorizons, rows) : beliefHorizons,
    values: rows ? pickValues(values, rows) : values,
  }));
}

/** The rows of one source and cumulative probability. */
interface KeyRows {
  sourceId: number;
  cumulativeProbability: number;
  /** All rows if undefined. */
  rows?: number[];
}

function rowsByKey({ sourceIds, cumulativeProbabilities }: BeliefColumns): KeyRows[] {
  const [sourceId, cumulativeProbability] = [sourceIds[0], cumulativeProbabilities[0]];
  if (sourceId === undefined || cumulativeProbability === undefined) return [];
  const isOne =
    sourceIds.every((id) => id === sourceId) &&
    cumulativeProbabilities.every((probability) => probability === cumulativeProbability);
  if (isOne) return [{ sourceId, cumulativeProbability }];
  const found = new Map<number, Map<number, Required<KeyRows>>>();
  let last: Required<KeyRows> | undefined;
  for (let row = 0; row < sourceIds.length; row++) {
    const key = { sourceId: sourceIds[row]!, cumulativeProbability: cumulativeProbabilities[row]! };
    if (last?.sourceId !== key.sourceId || last.cumulativeProbability !== key.cumulativeProbability) {
      const ofSource = getOrAdd(found, key.sourceId, () => new Map<number, Required<KeyRows>>());
      last = getOrAdd(ofSource, key.cumulativeProbability, () => ({ ...key, rows: [] }));
    }
    last.rows.push(row);
  }
  return [...found.values()].flatMap((ofSource) => [...ofSource.values()]);
}

/** Splits values in buckets into one series per source. */
export function splitBuckets(sensorId: number, bucketMs: number, buckets: BucketValues): Series[] {
  const { sourceIds, starts, minima, means, maxima } = buckets;
  const series: Series[] = [];
  for (let from = 0, to = 0; from < sourceIds.length; from = to) {
    const sourceId = sourceIds[from]!;
    while (sourceIds[to] === sourceId) to++;
    series.push({
      ...{ sensorId, sourceId, cumulativeProbability: 0.5, bucketMs },
      eventStarts: starts.subarray(from, to),
      values: means.subarray(from, to),
      minima: minima.subarray(from, to),
      maxima: maxima.subarray(from, to),
    });
  }
  return series;
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}
