import type { BeliefColumns } from './belief-columns';

/** One belief with all points of its distribution; deterministic beliefs have one point. */
interface WholeBelief {
  horizon: number;
  rows: number[];
  /** The points in one text, so that equal distributions compare equal. */
  points: string;
}

/**
 * Which incoming beliefs say nothing new: what their source believed about the event just before (among stored and
 * incoming beliefs) or what is stored at that very belief time already. Distributions are compared as a whole.
 * Forecasts (horizon above zero) and measurements are judged apart, so that the first measurement is kept even when
 * the last forecast was right.
 *
 * @returns one flag per row of `incoming`, 1 for unchanged
 */
export function unchangedMask(incoming: BeliefColumns, stored: BeliefColumns): Uint8Array {
  const mask = new Uint8Array(incoming.values.length);
  const storedByGroup = wholeBeliefs(stored);
  for (const [group, beliefs] of wholeBeliefs(incoming)) {
    const known = storedByGroup.get(group) ?? [];
    for (const belief of beliefs) {
      const previous = justBefore(belief.horizon, [...beliefs, ...replaced(known, beliefs)]);
      const same = known.find(({ horizon }) => horizon === belief.horizon);
      if (belief.points === previous?.points || belief.points === same?.points) {
        for (const row of belief.rows) mask[row] = 1;
      }
    }
  }
  return mask;
}

/** Beliefs by event, source and whether they are forecasts. */
function wholeBeliefs(beliefs: BeliefColumns): Map<string, WholeBelief[]> {
  const groups = new Map<string, Map<number, number[]>>();
  for (let row = 0; row < beliefs.values.length; row++) {
    const horizon = beliefs.beliefHorizons[row]!;
    const group = `${beliefs.eventStarts[row]!} ${beliefs.sourceIds[row]!} ${horizon > 0 ? 'ante' : 'post'}`;
    const byHorizon = groups.get(group) ?? new Map<number, number[]>();
    groups.set(group, byHorizon.set(horizon, [...(byHorizon.get(horizon) ?? []), row]));
  }
  return new Map([...groups].map(([group, byHorizon]) => [group, whole(beliefs, byHorizon)]));
}

function whole(beliefs: BeliefColumns, byHorizon: Map<number, number[]>): WholeBelief[] {
  return [...byHorizon].map(([horizon, rows]) => ({ horizon, rows, points: pointsOf(beliefs, rows) }));
}

function pointsOf(beliefs: BeliefColumns, rows: readonly number[]): string {
  const points = rows.map((row) => [beliefs.cumulativeProbabilities[row]!, beliefs.values[row]! + 0] as const);
  return JSON.stringify(points.sort(([one], [other]) => one - other));
}

/** The stored beliefs that stay: incoming ones at the same belief time take their place. */
function replaced(known: readonly WholeBelief[], incoming: readonly WholeBelief[]): WholeBelief[] {
  return known.filter(({ horizon }) => !incoming.some((belief) => belief.horizon === horizon));
}

function justBefore(horizon: number, beliefs: readonly WholeBelief[]): WholeBelief | undefined {
  const earlier = beliefs.filter((belief) => belief.horizon > horizon);
  return earlier.reduce<WholeBelief | undefined>(
    (latest, belief) => (latest && latest.horizon < belief.horizon ? latest : belief),
    undefined,
  );
}
