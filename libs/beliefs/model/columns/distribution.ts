import type { BeliefColumns } from './belief-columns';

/**
 * Known points of a cumulative distribution function, ascending: the probability that the outcome is at most `values[i]`
 * is `cumulative[i]`. The distribution is discrete: these values are its only outcomes. The probability that remains
 * above the last point belongs to the last value.
 */
export interface Distribution {
  values: number[];
  cumulative: number[];
}

/** Distribution of one probabilistic belief. @param rows of its points, in any order */
export function distributionOf(beliefs: BeliefColumns, rows: readonly number[]): Distribution {
  const sorted = [...rows].sort(
    (one, other) => beliefs.cumulativeProbabilities[one]! - beliefs.cumulativeProbabilities[other]!,
  );
  return {
    values: sorted.map((row) => beliefs.values[row]!),
    cumulative: sorted.map((row) => beliefs.cumulativeProbabilities[row]!),
  };
}

/**
 * Row of the median: the point at cumulative probability 0.5 if there is one; otherwise the first point above it, where
 * the discrete distribution reaches 0.5; otherwise the last point. In SQL:
 * `ORDER BY cumulative_probability < 0.5, abs(cumulative_probability - 0.5) LIMIT 1`.
 *
 * @param rows the points of one belief, at least one
 */
export function medianOf(beliefs: BeliefColumns, rows: readonly number[]): number {
  const probability = (row: number) => beliefs.cumulativeProbabilities[row]!;
  const above = rows.filter((row) => probability(row) >= 0.5);
  if (above.length > 0)
    return above.reduce((best, row) => (probability(row) < probability(best) ? row : best));
  return rows.reduce((best, row) => (probability(row) > probability(best) ? row : best));
}

/** Expected value: each outcome times the step of the cumulative probability at it. */
export function meanOf({ values, cumulative }: Distribution): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i]! * probabilityAt(cumulative, i);
  return mean;
}

/** Probability of outcome i; the last outcome gets the remaining probability. */
export function probabilityAt(cumulative: readonly number[], i: number): number {
  const below = i === 0 ? 0 : cumulative[i - 1]!;
  return (i === cumulative.length - 1 ? 1 : cumulative[i]!) - below;
}
