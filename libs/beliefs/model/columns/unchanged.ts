import { concatBeliefs, pickBeliefs, type BeliefColumns } from './belief-columns';

/** One belief with all points of its distribution; deterministic beliefs have one point. */
interface WholeBelief {
  /** Event, source, and forecast or measurement: beliefs of one group are compared. */
  group: string;
  horizon: number;
  rows: number[];
  /** The points as one text, so that equal distributions have equal texts. */
  points: string;
}

/**
 * Which incoming beliefs are unchanged: they repeat their source's previous belief about the event (among stored and
 * incoming beliefs), or what is stored with the same belief time. Distributions are compared as a whole. Forecasts
 * (horizon above zero) and measurements are compared separately, so the first measurement is kept even when it equals the
 * last forecast.
 *
 * @returns one flag per row of `incoming`, 1 for unchanged
 */
export function unchangedMask(incoming: BeliefColumns, stored: BeliefColumns): Uint8Array {
  const mask = new Uint8Array(incoming.values.length);
  const storedPoints = new Map(
    wholeBeliefs(stored).map(({ group, horizon, points }) => [`${group} ${horizon}`, points]),
  );
  let previous: WholeBelief | undefined;
  for (const belief of wholeBeliefs(afterSaving(incoming, stored))) {
    const repeatsPrevious = previous?.group === belief.group && previous.points === belief.points;
    const isStored = storedPoints.get(`${belief.group} ${belief.horizon}`) === belief.points;
    if (repeatsPrevious || isStored) {
      for (const row of belief.rows) if (row < mask.length) mask[row] = 1;
    }
    previous = belief;
  }
  return mask;
}

/** All incoming rows, then the stored rows that no incoming row replaces. */
function afterSaving(incoming: BeliefColumns, stored: BeliefColumns): BeliefColumns {
  const keys = new Set(rowsOf(incoming).map((row) => keyOf(incoming, row)));
  const kept = rowsOf(stored).filter((row) => !keys.has(keyOf(stored, row)));
  return concatBeliefs([incoming, pickBeliefs(stored, kept)]);
}

function keyOf(beliefs: BeliefColumns, row: number): string {
  const { eventStarts, beliefHorizons, sourceIds, cumulativeProbabilities } = beliefs;
  return `${eventStarts[row]!} ${beliefHorizons[row]!} ${sourceIds[row]!} ${cumulativeProbabilities[row]!}`;
}

/** Beliefs by group, the oldest (largest horizon) first. */
function wholeBeliefs(beliefs: BeliefColumns): WholeBelief[] {
  const found = new Map<string, WholeBelief>();
  for (const row of rowsOf(beliefs)) {
    const horizon = beliefs.beliefHorizons[row]!;
    const kind = horizon > 0 ? 'forecast' : 'measurement';
    const group = `${beliefs.eventStarts[row]!} ${beliefs.sourceIds[row]!} ${kind}`;
    const key = `${group} ${horizon}`;
    const belief = found.get(key) ?? { group, horizon, rows: [], points: '' };
    belief.rows.push(row);
    found.set(key, belief);
  }
  const whole = [...found.values()];
  for (const belief of whole) belief.points = pointsOf(beliefs, belief.rows);
  return whole.sort((one, other) =>
    one.group === other.group ? other.horizon - one.horizon : one.group < other.group ? -1 : 1,
  );
}

function pointsOf(beliefs: BeliefColumns, rows: readonly number[]): string {
  const points = rows.map(
    (row) => [beliefs.cumulativeProbabilities[row]!, beliefs.values[row]! + 0] as const,
  );
  return JSON.stringify(points.sort(([one], [other]) => one - other));
}

function rowsOf(beliefs: BeliefColumns): number[] {
  return Array.from(beliefs.values.keys());
}
