/**
 * Beliefs about one sensor in bulk: column i of every array belongs to belief i.
 *
 * A deterministic belief is one row with cumulative probability 0.5. A probabilistic belief is several rows with the
 * same event start, belief horizon and source, one per known point of its cumulative distribution function.
 */
export interface BeliefColumns {
  /** Epoch milliseconds. */
  eventStarts: Float64Array;
  /** Knowledge time minus belief time in milliseconds: positive is a forecast, zero or less a measurement. */
  beliefHorizons: Float64Array;
  sourceIds: Int32Array;
  /** Between 0 and 1. */
  cumulativeProbabilities: Float64Array;
  /** In the sensor's unit. */
  values: Float64Array;
}

/** Columns for `length` beliefs, filled with zeros. */
export function emptyBeliefColumns(length = 0): BeliefColumns {
  return {
    eventStarts: new Float64Array(length),
    beliefHorizons: new Float64Array(length),
    sourceIds: new Int32Array(length),
    cumulativeProbabilities: new Float64Array(length),
    values: new Float64Array(length),
  };
}

/** The beliefs at `rows`, in that order. */
export function pickBeliefs(beliefs: BeliefColumns, rows: ArrayLike<number>): BeliefColumns {
  const picked = emptyBeliefColumns(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    picked.eventStarts[i] = beliefs.eventStarts[row]!;
    picked.beliefHorizons[i] = beliefs.beliefHorizons[row]!;
    picked.sourceIds[i] = beliefs.sourceIds[row]!;
    picked.cumulativeProbabilities[i] = beliefs.cumulativeProbabilities[row]!;
    picked.values[i] = beliefs.values[row]!;
  }
  return picked;
}

/** The values of a column at `rows`, in that order. */
export function pickValues(column: Float64Array, rows: ArrayLike<number>): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]!]!;
  return picked;
}

/** The beliefs that have a value: the input itself if all have. */
export function withoutUnknown(beliefs: BeliefColumns): BeliefColumns {
  const { values } = beliefs;
  const known = new Int32Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row])) known[count++] = row;
  }
  return count === values.length ? beliefs : pickBeliefs(beliefs, known.subarray(0, count));
}

/** The rows of all `parts`, one after the other. */
export function concatBeliefs(parts: readonly BeliefColumns[]): BeliefColumns {
  const all = emptyBeliefColumns(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    all.eventStarts.set(part.eventStarts, at);
    all.beliefHorizons.set(part.beliefHorizons, at);
    all.sourceIds.set(part.sourceIds, at);
    all.cumulativeProbabilities.set(part.cumulativeProbabilities, at);
    all.values.set(part.values, at);
    at += part.values.length;
  }
  return all;
}
