import type { ChartColumns, ColumnSeries } from './columns';

/** All that was recorded about a window: each series ordered by event and, within it, by the time of recording. */
export interface History {
  sources: ChartColumns['sources'];
  series: RecordedSeries[];
}

type RecordedSeries = ColumnSeries & { belief_times: number[]; belief_horizons: number[] };

/** Columns with recording times, from the API, as a history. */
export const toHistory = ({ sources, series }: ChartColumns): History => ({
  sources,
  series: series.map((one) => inOrder(one as RecordedSeries)),
});

function inOrder(series: RecordedSeries): RecordedSeries {
  const {
    event_starts: starts,
    belief_times: times,
    belief_horizons: horizons,
    event_values: values,
  } = series;
  const rows = starts
    .map((_, row) => row)
    .sort((one, other) => starts[one]! - starts[other]! || times[one]! - times[other]!);
  return {
    ...series,
    event_starts: rows.map((row) => starts[row]!),
    belief_times: rows.map((row) => times[row]!),
    belief_horizons: rows.map((row) => horizons[row]!),
    event_values: rows.map((row) => values[row]!),
  };
}

/**
 * What was known at a moment: of each event the value that was recorded last until then. Every series of the history is in
 * the answer, so that it keeps its colour while nothing of it is known.
 */
export const columnsAt = ({ sources, series }: History, momentMs: number): ChartColumns => ({
  sources,
  series: series.map((one) => knownOf(one, momentMs)),
});

function knownOf(series: RecordedSeries, momentMs: number): ColumnSeries {
  const { event_starts: starts, belief_times: times } = series;
  const rows: number[] = [];
  let known: number | undefined;
  for (let row = 0; row < starts.length; row++) {
    if (times[row]! <= momentMs) known = row;
    if (starts[row + 1] === starts[row]) continue;
    if (known !== undefined) rows.push(known);
    known = undefined;
  }
  return {
    ...series,
    event_starts: rows.map((row) => starts[row]!),
    belief_times: rows.map((row) => times[row]!),
    belief_horizons: rows.map((row) => series.belief_horizons[row]!),
    event_values: rows.map((row) => series.event_values[row]!),
  };
}

/** The moments between which something was recorded. */
export interface Recording {
  fromMs: number;
  toMs: number;
}

const DAY_MS = 86_400_000;

/**
 * When the values of a window were recorded, without what was recorded long before or after: at most the length of the window,
 * or two days, away from it. Undefined if nothing was recorded.
 */
export function recordingOf({ series }: History, startMs: number, endMs: number): Recording | undefined {
  let [fromMs, toMs] = [Infinity, -Infinity];
  for (const { belief_times: times } of series)
    for (const time of times) {
      if (time < fromMs) fromMs = time;
      if (time > toMs) toMs = time;
    }
  if (fromMs > toMs) return undefined;
  const marginMs = Math.max(endMs - startMs, 2 * DAY_MS);
  const near = { fromMs: Math.max(fromMs, startMs - marginMs), toMs: Math.min(toMs, endMs + marginMs) };
  return near.fromMs < near.toMs ? near : { fromMs, toMs };
}

/** Columns in which the series of a sensor are replaced by fresh ones. */
export function replaceSensor(columns: ChartColumns, sensorId: number, fresh: ChartColumns): ChartColumns {
  const at = columns.series.findIndex(({ sensor }) => sensor === sensorId);
  const others = columns.series.filter(({ sensor }) => sensor !== sensorId);
  const sources = new Map([...columns.sources, ...fresh.sources].map((source) => [source.id, source]));
  return {
    sources: [...sources.values()],
    series: others.toSpliced(at < 0 ? others.length : at, 0, ...fresh.series),
  };
}
