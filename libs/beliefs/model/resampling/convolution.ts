import { probabilityAt, type Distribution } from '../columns/distribution';

/** With more outcomes, neighbours are merged: the exact number grows exponentially with the number of parts. */
const MAX_OUTCOMES = 200;
/** Relative difference up to which two sums are the same outcome: rounding errors. */
const SAME_OUTCOME = 1e-12;

interface Outcome {
  value: number;
  probability: number;
}

/**
 * Distribution of the sum of independent random variables, by repeated convolution. It is exact up to 200 outcomes. With
 * more, neighbouring outcomes are replaced by their mean in groups of about equal probability, which keeps the expected
 * value exact and the cumulative probabilities accurate to about half a percent.
 *
 * @param parts at least one
 */
export function sumOfIndependent(parts: readonly Distribution[]): Distribution {
  const outcomes = parts.map(outcomesOf).reduce((sum, part) => merged(convolved(sum, part)));
  return cumulated(outcomes);
}

/** Distribution of the mean of independent random variables; see `sumOfIndependent`. */
export function meanOfIndependent(parts: readonly Distribution[]): Distribution {
  const { values, cumulative } = sumOfIndependent(parts);
  return { values: values.map((value) => value / parts.length), cumulative };
}

function outcomesOf({ values, cumulative }: Distribution): Outcome[] {
  return values.map((value, i) => ({ value, probability: probabilityAt(cumulative, i) }));
}

function convolved(one: readonly Outcome[], other: readonly Outcome[]): Outcome[] {
  const sums = one.flatMap((a) =>
    other.map((b) => ({ value: a.value + b.value, probability: a.probability * b.probability })),
  );
  return sums.sort((a, b) => a.value - b.value);
}

/** Merges equal outcomes (ascending) and, if there are too many, neighbours of low probability. */
function merged(outcomes: readonly Outcome[]): Outcome[] {
  const distinct: Outcome[] = [];
  for (const outcome of outcomes) {
    const last = distinct.at(-1);
    const isSame = last && Math.abs(outcome.value - last.value) <= SAME_OUTCOME * Math.abs(last.value);
    if (isSame) last.probability += outcome.probability;
    else if (outcome.probability > 0) distinct.push({ ...outcome });
  }
  return distinct.length <= MAX_OUTCOMES ? distinct : grouped(distinct);
}

function grouped(outcomes: readonly Outcome[]): Outcome[] {
  const groups: Outcome[] = [];
  let cumulative = 0;
  let lastGroup = -1;
  for (const { value, probability } of outcomes) {
    const group = Math.min(MAX_OUTCOMES - 1, Math.floor((cumulative + probability / 2) * MAX_OUTCOMES));
    cumulative += probability;
    const last = groups.at(-1);
    if (last && group === lastGroup) {
      const total = last.probability + probability;
      last.value += ((value - last.value) * probability) / total;
      last.probability = total;
    } else {
      groups.push({ value, probability });
    }
    lastGroup = group;
  }
  return groups;
}

function cumulated(outcomes: readonly Outcome[]): Distribution {
  let sum = 0;
  const cumulative = outcomes.map(({ probability }) => (sum += probability));
  // Rounding errors must not change the certainty of the last point.
  cumulative[cumulative.length - 1] = 1;
  return { values: outcomes.map(({ value }) => value), cumulative };
}
