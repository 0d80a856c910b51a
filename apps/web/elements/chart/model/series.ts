import type { ChartColumns, ChartSource, ColumnSeries, Panel, PanelSensor } from './columns';

/** What a value is: measured, expected by somebody or by a forecaster, or planned by a scheduler. */
export type Kind = 'measurement' | 'forecast' | 'schedule';

/** What one source says about one sensor, ready to be drawn. */
export interface DrawnSeries {
  key: string;
  sensor: PanelSensor;
  source: ChartSource;
  /** For legend and tooltip. */
  label: string;
  /** Number of its colour, from 1 to COLOURS. */
  colour: number;
  /** Length of its events or buckets in milliseconds; 0 for instants. */
  lengthMs: number;
  starts: number[];
  /** In the unit of the panel. */
  values: (number | null)[];
  kinds: Kind[];
  horizons?: number[];
  /** Lowest and highest quantile, or minimum and maximum in a bucket. */
  lows?: (number | null)[];
  highs?: (number | null)[];
  /** When its latest plan was made, epoch milliseconds; undefined without a plan, or in buckets. */
  plannedAtMs?: number;
  /** In a comparison of two moments: at which of them this was known, and how that is told. */
  moment?: { isThen: boolean; text: string };
}

/** Number of colours that can be told apart. */
const COLOURS = 8;

/** The colours of series, by their keys: a series keeps its colour when others come, in a replay for example. */
export type SeriesColours = Map<string, number>;

/** The series of each panel. @param colours those that earlier calls gave; new series get the next ones */
export function drawSeries(
  panels: readonly Panel[],
  columns: ChartColumns,
  colours: SeriesColours = new Map(),
): DrawnSeries[][] {
  const sources = new Map(columns.sources.map((source) => [source.id, source]));
  return panels.map(({ sensors }) =>
    sensors.flatMap((sensor) => {
      const ofSensor = columns.series.filter((series) => series.sensor === sensor.id);
      const sourceIds = new Set(ofSensor.map(({ source }) => source));
      const inOrder = [...sources.values()].filter(({ id }) => sourceIds.has(id)).toSorted(bySaying);
      return inOrder.flatMap((source) => {
        const { id } = source;
        const label = sensors.length === 1 ? source.description : `${sensor.label}, ${source.description}`;
        const series = toSeries(
          ofSensor.filter((one) => one.source === id),
          sensor,
          source,
        );
        const colour = colours.get(series.key) ?? (colours.size % COLOURS) + 1;
        colours.set(series.key, colour);
        return [{ ...series, label, colour }];
      });
    }),
  );
}

/** What types of sources say about the future, after what others measured. */
const AFTER_MEASUREMENTS = ['forecaster', 'scheduler'];

/**
 * Orders sources: measurements, forecasts, then plans, each by the id of their source. So the colour of a series is the
 * same each time, whichever data comes first.
 */
const bySaying = (one: ChartSource, other: ChartSource): number =>
  AFTER_MEASUREMENTS.indexOf(one.type) - AFTER_MEASUREMENTS.indexOf(other.type) || one.id - other.id;

/** @param quantiles the series of one source about one sensor, at least one */
function toSeries(
  quantiles: readonly ColumnSeries[],
  sensor: PanelSensor,
  source: ChartSource,
): Omit<DrawnSeries, 'label' | 'colour'> {
  const inOrder = quantiles.toSorted(
    (one, other) => one.cumulative_probability - other.cumulative_probability,
  );
  const median = inOrder.toSorted((one, other) => fromMedian(one) - fromMedian(other))[0]!;
  const toUnit = (value: number | null | undefined): number | null =>
    value == null ? null : value * sensor.factor + sensor.offset;
  const { bucket, event_starts: starts, belief_horizons: horizons, minima, maxima } = median;
  const [lowest, highest] = [inOrder[0]!, inOrder.at(-1)!];
  const interval =
    minima && maxima
      ? { lows: minima.map(toUnit), highs: maxima.map(toUnit) }
      : lowest === highest
        ? {}
        : { lows: valuesAt(lowest, starts).map(toUnit), highs: valuesAt(highest, starts).map(toUnit) };
  return {
    key: `${sensor.id}-${source.id}`,
    ...{ sensor, source, starts, horizons },
    lengthMs: bucket ?? sensor.resolutionMs,
    values: median.event_values.map(toUnit),
    kinds: starts.map((_, i) => kindOf(source, horizons?.[i])),
    ...interval,
    ...(source.type === 'scheduler' && { plannedAtMs: latestOf(median.belief_times) }),
  };
}

const latestOf = (times: readonly number[] = []): number | undefined =>
  times.length === 0 ? undefined : times.reduce((latest, time) => Math.max(latest, time));

/**
 * The series of two moments beside each other, panel by panel. Those of one source about one sensor have the same colour.
 * @param thenText how the moment is told of which `then` is
 */
export function compareSeries(
  then: readonly DrawnSeries[][],
  other: readonly DrawnSeries[][],
  thenText: string,
  otherText: string,
): DrawnSeries[][] {
  const at = (series: readonly DrawnSeries[], isThen: boolean, text: string) =>
    series.map((one) => ({
      ...one,
      ...{ key: `${one.key}-${isThen ? 'then' : 'other'}`, label: `${one.label}, ${text}` },
      moment: { isThen, text },
    }));
  return other.map((series, i) => [...at(series, false, otherText), ...at(then[i] ?? [], true, thenText)]);
}

const fromMedian = (series: ColumnSeries): number => Math.abs(series.cumulative_probability - 0.5);

/** The values of a series at the starts of another one. */
function valuesAt(
  { event_starts, event_values }: ColumnSeries,
  starts: readonly number[],
): (number | null)[] {
  const byStart = new Map(event_starts.map((start, i) => [start, event_values[i]!]));
  return starts.map((start) => byStart.get(start) ?? null);
}

function kindOf({ type }: ChartSource, horizonMs = 0): Kind {
  if (type === 'scheduler') return 'schedule';
  return type === 'forecaster' || horizonMs > 0 ? 'forecast' : 'measurement';
}

/** A point of a line; without a value, the line is interrupted. */
export type Point = [timeMs: number, value: number | null];

/**
 * The points of a line through the values of one kind. A value of an event with a length holds until its end; the line is
 * interrupted where events are missing or of another kind.
 */
export function linePoints(series: DrawnSeries, kind: Kind): Point[] {
  const { starts, values, kinds } = series;
  // Buckets may be shorter than the time between two instants.
  const lengthMs = isOfInstants(series) ? 0 : series.lengthMs;
  const points: Point[] = [];
  let endMs: number | undefined;
  for (let i = 0; i < starts.length; i++) {
    if (kinds[i] !== kind || values[i] === null) continue;
    const [start, value] = [starts[i]!, values[i]!];
    const isNext = endMs !== undefined && (lengthMs === 0 ? kinds[i - 1] === kind : start <= endMs);
    if (!isNext && points.length > 0) points.push([points.at(-1)![0], null]);
    // The end of the event before is the start of this one.
    if (isNext && lengthMs > 0) points.pop();
    points.push([start, value]);
    if (lengthMs > 0) points.push([start + lengthMs, value]);
    endMs = start + lengthMs;
  }
  return points;
}

/** Whether the values are of instants, also if they are shown in buckets. */
export const isOfInstants = ({ sensor }: Pick<DrawnSeries, 'sensor'>): boolean => sensor.resolutionMs === 0;

/** The kinds of values that a series has. */
export const kindsIn = ({ kinds }: DrawnSeries): Kind[] => [...new Set(kinds)];

/** Index of the event at a moment, or of the nearest instant within a tolerance; undefined if there is none. */
export function findEvent(series: DrawnSeries, timeMs: number, toleranceMs: number): number | undefined {
  const { starts, lengthMs } = series;
  let [from, to] = [0, starts.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (starts[middle]! <= timeMs) from = middle + 1;
    else to = middle;
  }
  const before = from - 1;
  if (lengthMs > 0) return before >= 0 && timeMs < starts[before]! + lengthMs ? before : undefined;
  const nearest = [before, from]
    .filter((i) => i >= 0 && i < starts.length)
    .sort((one, other) => Math.abs(starts[one]! - timeMs) - Math.abs(starts[other]! - timeMs))[0];
  return nearest !== undefined && Math.abs(starts[nearest]! - timeMs) <= toleranceMs ? nearest : undefined;
}
