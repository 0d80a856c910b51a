import type { ValueNature } from './value-nature';

/** Rows about the parts of longer events: row i is what a source believed about one part from some time on. */
export interface PartRows {
  /** Start of the longer event, epoch ms. */
  longerStarts: Float64Array;
  /** Start of the part, epoch ms. */
  eventStarts: Float64Array;
  /** Epoch ms; Infinity where unknown, which counts as the latest. */
  beliefTimes: Float64Array;
  values: Float64Array;
  /** With `cumulativeProbabilities`; both are left out if all beliefs are deterministic and of one source. */
  sourceIds?: Int32Array;
  cumulativeProbabilities?: Float64Array;
}

/** The order in which `forEachJointBelief` expects rows: by longer event, source, belief time, part and probability. */
export function comparePartRows(rows: PartRows): (one: number, other: number) => number {
  const { longerStarts, sourceIds, beliefTimes, eventStarts, cumulativeProbabilities } = rows;
  // Infinity minus Infinity is NaN, which counts as equal here.
  const byTime = (one: number, other: number): number =>
    beliefTimes[one]! - beliefTimes[other]! || eventStarts[one]! - eventStarts[other]!;
  if (!sourceIds || !cumulativeProbabilities) {
    return (one, other) => longerStarts[one]! - longerStarts[other]! || byTime(one, other);
  }
  return (one, other) =>
    longerStarts[one]! - longerStarts[other]! ||
    sourceIds[one]! - sourceIds[other]! ||
    byTime(one, other) ||
    cumulativeProbabilities[one]! - cumulativeProbabilities[other]!;
}

/**
 * Visits every belief about a longer event that follows from the beliefs of a source about its parts. Only the parts count
 * about which the source has any belief. The first belief about the longer event has the belief time at which all these
 * parts have one; each later belief time gives another one, made of the latest belief about each part. So a series of
 * measurements gives one measurement of the longer event, and not a guess with each new value.
 *
 * @param rows in the order of `comparePartRows`
 * @param visit gets the rows of the latest belief about each part, part by part, and the row with the latest belief time:
 *   that of the belief about the longer event
 */
export function forEachJointBelief(
  rows: PartRows,
  visit: (latest: readonly number[], lastRow: number) => void,
): void {
  const { longerStarts, sourceIds, beliefTimes } = rows;
  const count = longerStarts.length;
  for (let from = 0, to = 0; from < count; from = to) {
    while (
      to < count &&
      longerStarts[to] === longerStarts[from] &&
      (!sourceIds || sourceIds[to] === sourceIds[from])
    ) {
      to++;
    }
    if (beliefTimes[from] === beliefTimes[to - 1]) visit(range(from, to), to - 1);
    else visitAtEachBeliefTime(rows, from, to, visit);
  }
}

/** The beliefs that follow from rows [from, to) of one source about one longer event. */
function visitAtEachBeliefTime(
  { eventStarts, beliefTimes, cumulativeProbabilities }: PartRows,
  from: number,
  to: number,
  visit: (latest: readonly number[], lastRow: number) => void,
): void {
  const isProbabilistic = cumulativeProbabilities !== undefined;
  const isSameBelief = (one: number, other: number): boolean =>
    eventStarts[one] === eventStarts[other] && beliefTimes[one] === beliefTimes[other];
  const parts = new Set(eventStarts.subarray(from, to)).size;
  /** The first row of the latest belief about each part. */
  const latest = new Map<number, number>();
  for (let row = from; row < to; row++) {
    if (!isProbabilistic || row === from || !isSameBelief(row, row - 1)) latest.set(eventStarts[row]!, row);
    const isLastAtItsTime = row + 1 === to || beliefTimes[row + 1] !== beliefTimes[row];
    if (!isLastAtItsTime || latest.size < parts) continue;
    const rows = [...latest.values()];
    visit(isProbabilistic ? rows.flatMap(withPoints) : rows, row);
  }

  /** All rows of a belief. */
  function withPoints(first: number): number[] {
    let end = first + 1;
    while (end < to && isSameBelief(end, first)) end++;
    return range(first, end);
  }
}

/** The value of a longer event: the mean of flows, the sum of stocks. */
export function joinValues(values: Float64Array, rows: readonly number[], nature: ValueNature): number {
  let total = 0;
  for (const row of rows) total += values[row]!;
  return nature === 'flow' ? total / rows.length : total;
}

function range(from: number, to: number): number[] {
  const rows: number[] = [];
  for (let row = from; row < to; row++) rows.push(row);
  return rows;
}
