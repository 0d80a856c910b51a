import type { BeliefColumns } from '#lib/beliefs/model';
import type { ShownSource } from './source-label';

/** Beliefs about one sensor for a chart. */
export interface ShownBeliefs {
  sensor: { id: number; name: string };
  /** Ordered by event. */
  beliefs: BeliefColumns;
  /** Belief times, epoch milliseconds; optional. */
  beliefTimes?: Float64Array;
}

/** Number of rows in one piece of the text: some 50 kB. */
const ROWS_PER_PIECE = 256;

/**
 * A JSON list with one object per belief, ordered by event and then by series, in pieces of text. It is written directly from the
 * columns, which avoids an object per row (a year of 15-minute events has 35,040 rows).
 *
 * @param sources all sources of the beliefs, by id
 */
export function* beliefsJson(
  series: readonly ShownBeliefs[],
  sources: ReadonlyMap<number, ShownSource>,
): Generator<string> {
  const sourceTexts = new Map([...sources].map(([id, source]) => [id, JSON.stringify(source)]));
  const writers = series.map((one) => rowWriter(one, sourceTexts));
  let opening = '[';
  let rows: string[] = [];
  for (const { which, row } of inOrder(series)) {
    rows.push(writers[which]!(row));
    if (rows.length < ROWS_PER_PIECE) continue;
    yield opening + rows.join(',');
    opening = ',';
    rows = [];
  }
  yield rows.length > 0 || opening === '[' ? `${opening}${rows.join(',')}]` : ']';
}

function rowWriter(
  { sensor, beliefs, beliefTimes }: ShownBeliefs,
  sources: ReadonlyMap<number, string>,
): (row: number) => string {
  const { eventStarts, beliefHorizons, sourceIds, cumulativeProbabilities, values } = beliefs;
  const ending = `,"sensor":${JSON.stringify({ id: sensor.id, name: sensor.name })}}`;
  return (row) => {
    const recorded = beliefTimes === undefined ? '' : `"belief_time":${beliefTimes[row]!},`;
    const value = values[row]!;
    return (
      `{"event_start":${eventStarts[row]!},${recorded}"belief_horizon":${beliefHorizons[row]!},` +
      `"source":${sources.get(sourceIds[row]!) ?? 'null'},` +
      `"cumulative_probability":${cumulativeProbabilities[row]!},` +
      `"event_value":${Number.isFinite(value) ? value : 'null'}${ending}`
    );
  };
}

/** A row of one of several series. */
interface SeriesRow {
  /** Index of the series. */
  which: number;
  row: number;
}

/** The rows of several series in the common order of events. Each series must be ordered by event. Reuses one object. */
function* inOrder(series: readonly ShownBeliefs[]): Generator<Readonly<SeriesRow>> {
  const next = series.map(() => 0);
  const found: SeriesRow = { which: -1, row: 0 };
  for (;;) {
    found.which = -1;
    let earliest = Infinity;
    for (let i = 0; i < series.length; i++) {
      const start = series[i]!.beliefs.eventStarts[next[i]!];
      if (start !== undefined && start < earliest) {
        found.which = i;
        earliest = start;
      }
    }
    if (found.which < 0) return;
    const { eventStarts } = series[found.which]!.beliefs;
    while (eventStarts[next[found.which]!] === earliest) {
      found.row = next[found.which]!++;
      yield found;
    }
  }
}
