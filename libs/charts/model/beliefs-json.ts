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

/**
 * A JSON list with one object per belief, ordered by event and then by series. It is written directly from the columns, which
 * avoids an object per row (a year of 15-minute events has 35,040 rows).
 *
 * @param sources all sources of the beliefs, by id
 */
export function beliefsJson(
  series: readonly ShownBeliefs[],
  sources: ReadonlyMap<number, ShownSource>,
): string {
  const sourceTexts = new Map([...sources].map(([id, source]) => [id, JSON.stringify(source)]));
  const writers = series.map((one) => rowWriter(one, sourceTexts));
  const rows: string[] = [];
  visitInOrder(series, (which, row) => rows.push(writers[which]!(row)));
  return `[${rows.join(',')}]`;
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

/** Visits the rows of several series in the common order of events. Each series must be ordered by event. */
function visitInOrder(series: readonly ShownBeliefs[], visit: (which: number, row: number) => void): void {
  const next = series.map(() => 0);
  for (;;) {
    let which = -1;
    let earliest = Infinity;
    for (let i = 0; i < series.length; i++) {
      const start = series[i]!.beliefs.eventStarts[next[i]!];
      if (start !== undefined && start < earliest) {
        which = i;
        earliest = start;
      }
    }
    if (which < 0) return;
    const { eventStarts } = series[which]!.beliefs;
    while (eventStarts[next[which]!] === earliest) visit(which, next[which]!++);
  }
}
