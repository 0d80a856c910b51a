import { NumbersText } from './numbers-text';
import type { Series } from './series';
import type { ShownSource } from './source-label';

/** A sensor whose series are shown. */
export interface SeriesSensor {
  id: number;
  name: string;
  unit: string;
  /** IANA time zone. */
  timezone: string;
  /** Length of its events, milliseconds. */
  event_resolution: number;
}

/** Number of values in one piece of the text: some 50 kB. */
const VALUES_PER_PIECE = 4096;

/** A JSON object with the sensors, the sources and the series as columns, in pieces of text. Unknown values are null. */
export function* seriesJson(
  sensors: readonly SeriesSensor[],
  sources: readonly ShownSource[],
  series: readonly Series[],
): Generator<string | Uint8Array> {
  yield `{"sensors":${JSON.stringify(sensors)},"sources":${JSON.stringify(sources)},"series":[`;
  const text = new NumbersText(VALUES_PER_PIECE);
  for (const [i, one] of series.entries()) {
    const { sensorId, sourceId, cumulativeProbability, bucketMs } = one;
    const key = { sensor: sensorId, source: sourceId, cumulative_probability: cumulativeProbability };
    yield `${i > 0 ? ',' : ''}${JSON.stringify({ ...key, bucket: bucketMs }).slice(0, -1)}`;
    yield* column(text, 'event_starts', one.eventStarts);
    if (one.beliefHorizons) yield* column(text, 'belief_horizons', one.beliefHorizons);
    if (one.beliefTimes) yield* column(text, 'belief_times', one.beliefTimes);
    yield* column(text, 'event_values', one.values);
    if (one.minima) yield* column(text, 'minima', one.minima);
    if (one.maxima) yield* column(text, 'maxima', one.maxima);
    yield '}';
  }
  yield ']}';
}

function* column(text: NumbersText, name: string, values: Float64Array): Generator<string | Uint8Array> {
  yield `,"${name}":[`;
  for (let at = 0; at < values.length; at += VALUES_PER_PIECE) {
    if (at > 0) yield ',';
    yield text.write(values.subarray(at, at + VALUES_PER_PIECE));
  }
  yield ']';
}
