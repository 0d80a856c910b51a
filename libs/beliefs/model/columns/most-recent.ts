import { pickBeliefs, type BeliefColumns } from './belief-columns';
import { medianOf } from './distribution';

/**
 * For each event and source, the most recent belief (smallest horizon), with all its rows if it is probabilistic. The
 * order of rows is kept.
 */
export function mostRecentPerEventAndSource(beliefs: BeliefColumns): BeliefColumns {
  return keepSmallestHorizon(beliefs, (row) => `${beliefs.eventStarts[row]!} ${beliefs.sourceIds[row]!}`);
}

/** For each event, the most recent belief over all sources; several sources remain if theirs are equally recent. */
export function mostRecentPerEvent(beliefs: BeliefColumns): BeliefColumns {
  return keepSmallestHorizon(beliefs, (row) => String(beliefs.eventStarts[row]!));
}

function keepSmallestHorizon(beliefs: BeliefColumns, groupOf: (row: number) => string): BeliefColumns {
  const smallest = new Map<string, number>();
  const rows = Array.from(beliefs.values.keys());
  for (const row of rows) {
    const group = groupOf(row);
    smallest.set(group, Math.min(smallest.get(group) ?? Infinity, beliefs.beliefHorizons[row]!));
  }
  return pickBeliefs(
    beliefs,
    rows.filter((row) => beliefs.beliefHorizons[row] === smallest.get(groupOf(row))),
  );
}

/**
 * One deterministic belief per event, ordered by event start: the most recent over all sources; of several equally recent
 * ones that of the source with the highest id; of a probabilistic one its median (see `medianOf`), which keeps its own
 * cumulative probability.
 */
export function oneDeterministicBeliefPerEvent(beliefs: BeliefColumns): BeliefColumns {
  const recent = mostRecentPerEvent(beliefs);
  const rowsByEvent = new Map<number, number[]>();
  for (const [row, eventStart] of recent.eventStarts.entries()) {
    const rows = rowsByEvent.get(eventStart);
    if (rows) rows.push(row);
    else rowsByEvent.set(eventStart, [row]);
  }
  const chosen = [...rowsByEvent.values()].map((rows) => {
    const sourceId = Math.max(...rows.map((row) => recent.sourceIds[row]!));
    return medianOf(
      recent,
      rows.filter((row) => recent.sourceIds[row] === sourceId),
    );
  });
  chosen.sort((one, other) => recent.eventStarts[one]! - recent.eventStarts[other]!);
  return pickBeliefs(recent, chosen);
}
