import { concatBeliefs, emptyBeliefColumns, type BeliefColumns } from '../columns/belief-columns';

/** What matters about a belief in a test; the rest has defaults. */
export interface BeliefFixture {
  value: number;
  eventStart?: number;
  horizonMs?: number;
  sourceId?: number;
  probability?: number;
}

/** Columns for tests, a row for each fixture. */
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
