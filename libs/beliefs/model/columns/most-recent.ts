import { pickBeliefs, type BeliefColumns } from './belief-columns';
import { medianOf } from './distribution';

/**
 * For each event and source, the most recent belief (smallest horizon), with all its rows if it is probabilistic. The
 * order of rows is kept.
 */
export function mostRecentPerEventAndSource(beliefs: BeliefColumns): BeliefColumns {
  return keepSmallestHorizon(beliefs, (row) => `${beliefs.eventStarts[row]!} ${beliefs.sourceIds[row]!}`);
}

/**
 * As `mostRecentPerEventAndSource`, of beliefs that are ordered by event, then from newest to oldest, in one pass. The result
 * is ordered by event, then from oldest to newest: the input itself if there is one row about each event.
 */
export function mostRecentOfNewestFirst(beliefs: BeliefColumns): BeliefColumns {
  const { eventStarts, beliefHorizons, sourceIds } = beliefs;
  if (hasOneRowPerEvent(eventStarts)) return beliefs;
  const count = eventStarts.length;
  const picked = new Int32Array(count);
  let length = 0;
  for (let from = 0, to = 0; from < count; from = to) {
    while (to < count && eventStarts[to] === eventStarts[from]) to++;
    const smallest = new Map<number, number>();
    const first = length;
    for (let row = from; row < to; row++) {
      const horizon = beliefHorizons[row]!;
      const recent = smallest.get(sourceIds[row]!);
      if (recent === undefined) smallest.set(sourceIds[row]!, horizon);
      if (recent === undefined || recent === horizon) picked[length++] = row;
    }
    // Equally old ones stay in their order.
    const ofEvent = Array.from(picked.subarray(first, length));
    picked.set(
      ofEvent.sort((one, other) => beliefHorizons[other]! - beliefHorizons[one]!),
      first,
    );
  }
  return pickBeliefs(beliefs, picked.subarray(0, length));
}

function hasOneRowPerEvent(eventStarts: Float64Array): boolean {
  for (let row = 1; row < eventStarts.length; row++) {
    if (eventStarts[row] === eventStarts[row - 1]) return false;
  }
  return true;
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
