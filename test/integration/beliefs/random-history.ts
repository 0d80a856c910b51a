import fc from 'fast-check';
import { concatBeliefs, type BeliefColumns } from '#lib/beliefs/model';

const HOUR_MS = 3_600_000;

/** The window contains the hour in which European clocks go forward. */
export const FIRST_EVENT_MS = Date.parse('2026-03-28T22:00Z');
export const EVENTS = 5;

interface Row {
  event: number;
  horizon: number;
  source: number;
  points: [probability: number, value: number][];
}

const deterministic = fc.integer({ min: 0, max: 3 }).map((value): [number, number][] => [[0.5, value]]);
const probabilistic = fc
  .uniqueArray(fc.constantFrom(0.1, 0.3, 0.5, 0.8, 0.9), { minLength: 1, maxLength: 3 })
  .map((probabilities) => probabilities.sort().map((probability, i): [number, number] => [probability, i]));

const row: fc.Arbitrary<Row> = fc.record({
  event: fc.integer({ min: 0, max: EVENTS - 1 }),
  horizon: fc.constantFrom(-2, -1, 0, 1, 2, 3, 24).map((hours) => hours * HOUR_MS),
  source: fc.integer({ min: 0, max: 2 }),
  points: fc.oneof({ arbitrary: deterministic, weight: 3 }, { arbitrary: probabilistic, weight: 1 }),
});

/** A history of beliefs of a few sources about a few hourly events, each belief with its whole distribution. */
export const histories = (sourceIds: number[]): fc.Arbitrary<BeliefColumns> =>
  fc
    .uniqueArray(row, {
      maxLength: 30,
      selector: ({ event, horizon, source }) => `${event} ${horizon} ${source}`,
    })
    .map((rows) => toColumns(rows, sourceIds));

/** As `histories`, but of each source at most one belief about each event. */
export const singleStatements = (sourceIds: number[]): fc.Arbitrary<BeliefColumns> =>
  fc
    .uniqueArray(row, { maxLength: 12, selector: ({ event, source }) => `${event} ${source}` })
    .map((rows) => toColumns(rows, sourceIds));

function toColumns(rows: Row[], sourceIds: number[]): BeliefColumns {
  return concatBeliefs(
    rows.map(({ event, horizon, source, points }) => ({
      eventStarts: new Float64Array(points.length).fill(FIRST_EVENT_MS + event * HOUR_MS),
      beliefHorizons: new Float64Array(points.length).fill(horizon),
      sourceIds: new Int32Array(points.length).fill(sourceIds[source]!),
      cumulativeProbabilities: Float64Array.from(points, ([probability]) => probability),
      values: Float64Array.from(points, ([, value]) => value),
    })),
  );
}

/** The rows as plain arrays. */
export const rowsOf = (beliefs: BeliefColumns): number[][] =>
  Array.from(beliefs.values, (value, i) => [
    beliefs.eventStarts[i]!,
    -beliefs.beliefHorizons[i]!,
    beliefs.sourceIds[i]!,
    beliefs.cumulativeProbabilities[i]!,
    value,
  ]);

export function compareRows(one: number[], other: number[]): number {
  const differing = one.findIndex((cell, i) => cell !== other[i]);
  return differing === -1 ? 0 : one[differing]! - other[differing]!;
}

/** The rows in a canonical order, to compare sets of beliefs. */
export const toSortedRows = (beliefs: BeliefColumns): number[][] => rowsOf(beliefs).sort(compareRows);
