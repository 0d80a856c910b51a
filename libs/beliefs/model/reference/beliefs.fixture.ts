import { concatBeliefs, emptyBeliefColumns, type BeliefColumns } from '../columns/belief-columns';

/** The fields of a belief that a test sets; the others have defaults. */
export interface BeliefFixture {
  value: number;
  eventStart?: number;
  horizonMs?: number;
  sourceId?: number;
  probability?: number;
}

/** Columns for tests, one row per fixture. */
export function someBeliefs(fixtures: readonly BeliefFixture[]): BeliefColumns {
  return concatBeliefs(
    fixtures.map(({ value, eventStart = 0, horizonMs = 0, sourceId = 1, probability = 0.5 }) => {
      const belief = emptyBeliefColumns(1);
      belief.eventStarts[0] = eventStart;
      belief.beliefHorizons[0] = horizonMs;
      belief.sourceIds[0] = sourceId;
      belief.cumulativeProbabilities[0] = probability;
      belief.values[0] = value;
      return belief;
    }),
  );
}

/** What `act` throws. */
export function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
