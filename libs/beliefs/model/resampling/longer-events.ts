import type { Pausable } from '#lib/concurrency';
import type { Aggregation } from './aggregation';

/** Number of rows that are looked at between two pauses. */
const ROWS_AT_ONCE = 8192;

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

/** Too many values must be added up, because there are many belief times about the parts of long events. */
export class TooManyPartsError extends Error {
  /** @param longerStart the longer event at which the limit was exceeded, epoch ms */
  constructor(readonly longerStart: number) {
    super('There are too many belief times about the parts of longer events.');
    this.name = 'TooManyPartsError';
  }
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
 * @param maxParts limit to the number of latest beliefs of all visits together, which can be the square of the rows
 * @throws TooManyPartsError
 */
export function* forEachJointBelief(
  rows: PartRows,
  visit: (latest: readonly number[], lastRow: number) => void,
  maxParts = Infinity,
): Pausable<void> {
  const { longerStarts, sourceIds, beliefTimes } = rows;
  const count = longerStarts.length;
  let parts = 0;
  const countedVisit = (latest: readonly number[], lastRow: number): void => {
    parts += latest.length;
    if (parts > maxParts) throw new TooManyPartsError(longerStarts[lastRow]!);
    visit(latest, lastRow);
  };
  let pauseAt = ROWS_AT_ONCE;
  for (let from = 0, to = 0; from < count; from = to) {
    while (
      to < count &&
      longerStarts[to] === longerStarts[from] &&
      (!sourceIds || sourceIds[to] === sourceIds[from])
    ) {
      to++;
    }
    if (beliefTimes[from] === beliefTimes[to - 1]) countedVisit(range(from, to), to - 1);
    else yield* visitAtEachBeliefTime(rows, from, to, countedVisit);
    if (to < pauseAt) continue;
    pauseAt = to + ROWS_AT_ONCE;
    yield;
  }
}

/** The beliefs that follow from rows [from, to) of one source about one longer event. */
function* visitAtEachBeliefTime(
  { eventStarts, beliefTimes, cumulativeProbabilities }: PartRows,
  from: number,
  to: number,
  visit: (latest: readonly number[], lastRow: number) => void,
): Pausable<void> {
  const isProbabilistic = cumulativeProbabilities !== undefined;
  const isSameBelief = (one: number, other: number): boolean =>
    eventStarts[one] === eventStarts[other] && beliefTimes[one] === beliefTimes[other];
  const parts = yield* countDifferent(eventStarts, from, to);
  /** The first row of the latest belief about each part. */
  const latest = new Map<number, number>();
  let work = 0;
  for (let row = from; row < to; row++) {
    if (!isProbabilistic || row === from || !isSameBelief(row, row - 1)) latest.set(eventStarts[row]!, row);
    const isLastAtItsTime = row + 1 === to || beliefTimes[row + 1] !== beliefTimes[row];
    const isVisited = isLastAtItsTime && latest.size === parts;
    if (isVisited) {
      const rows = [...latest.values()];
      visit(isProbabilistic ? rows.flatMap(withPoints) : rows, row);
    }
    work += isVisited ? 1 + latest.size : 1;
    if (work < ROWS_AT_ONCE) continue;
    work = 0;
    yield;
  }

  /** All rows of a belief. */
  function withPoints(first: number): number[] {
    let end = first + 1;
    while (end < to && isSameBelief(end, first)) end++;
    return range(first, end);
  }
}

/** The number of different values of a column in rows [from, to). */
function* countDifferent(column: Float64Array, from: number, to: number): Pausable<number> {
  const found = new Set<number>();
  for (let row = from; row < to; row++) {
    found.add(column[row]!);
    if ((row - from) % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) yield;
  }
  return found.size;
}

/** The value of a longer event: the mean of means, the sum of amounts. */
export function joinValues(values: Float64Array, rows: readonly number[], aggregation: Aggregation): number {
  let total = 0;
  for (const row of rows) total += values[row]!;
  return aggregation === 'mean' ? total / rows.length : total;
}

function range(from: number, to: number): number[] {
  const rows: number[] = [];
  for (let row = from; row < to; row++) rows.push(row);
  return rows;
}
