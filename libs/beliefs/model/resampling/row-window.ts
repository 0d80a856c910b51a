import type { Pausable } from '#lib/concurrency';
import { sortedOrder } from '../columns/sorted-order';
import { comparePartRows, type PartRows } from './longer-events';

/** Number of rows that wait for others about the same longer event, unless a single event has more. */
const MAX_ROWS = 262_144;

/**
 * Gathers rows about the same longer event that are near each other in a stream, in any order. When it is full, the
 * events that the stream has moved away from are taken out, and no further row may be about them.
 */
export class RowWindow {
  private rows = emptyRows(1024);
  private length = 0;
  private limit: number;
  /** 1 for streams from old to new, -1 for the reverse; found when the window is full for the first time. */
  private direction: 1 | -1 | undefined;
  private passed = -Infinity;

  constructor(private readonly maxRows = MAX_ROWS) {
    this.limit = maxRows;
  }

  /** How many rows wait. */
  get size(): number {
    return this.length;
  }

  get isFull(): boolean {
    return this.length > this.limit;
  }

  /** Whether the longer event has been taken out. */
  isPassed(longerStart: number): boolean {
    return this.direction !== undefined && longerStart * this.direction <= this.passed;
  }

  /** @param beliefTime NaN if unknown */
  add(longerStart: number, eventStart: number, beliefTime: number, value: number): void {
    if (this.length === this.rows.values.length) this.rows = enlarged(this.rows, 2 * this.length);
    const { rows, length } = this;
    rows.longerStarts[length] = longerStart;
    rows.eventStarts[length] = eventStart;
    rows.beliefTimes[length] = Number.isNaN(beliefTime) ? Infinity : beliefTime;
    rows.values[length] = value;
    this.length = length + 1;
  }

  /**
   * Takes out the longer events that come first in the direction of the stream, about half of the rows. The event of the
   * middle row stays, because more rows about it may come, unless half of the rows that may wait have followed it; so no
   * row is taken out while all are about a single event. Rows come in the order of `comparePartRows`.
   */
  *takeFirstHalf(): Pausable<PartRows> {
    const { longerStarts } = this.rows;
    this.direction ??= longerStarts[this.length - 1]! >= longerStarts[0]! ? 1 : -1;
    const { direction } = this;
    const order = yield* this.order();
    const placeOf = (row: number): number => longerStarts[row]! * direction;
    const middle = placeOf(order[order.length >> 1]!);
    const after = order.filter((row) => placeOf(row) > middle).length;
    const isMiddleOver = after >= this.maxRows / 2;
    const isTaken = (row: number): boolean =>
      placeOf(row) < middle || (isMiddleOver && placeOf(row) === middle);
    const taken = order.filter(isTaken);
    const kept = order.filter((row) => !isTaken(row));
    yield;
    for (const row of taken) this.passed = Math.max(this.passed, placeOf(row));
    const rows = pick(this.rows, taken);
    this.rows = pick(this.rows, kept, this.rows.values.length);
    this.length = kept.length;
    this.limit = Math.max(this.maxRows, kept.length + this.maxRows / 2);
    return rows;
  }

  /** All remaining rows, in the order of `comparePartRows`. */
  *takeAll(): Pausable<PartRows> {
    const rows = pick(this.rows, yield* this.order());
    this.length = 0;
    return rows;
  }

  private order(): Pausable<Int32Array> {
    return sortedOrder(this.length, comparePartRows(this.rows));
  }
}

function emptyRows(size: number): PartRows {
  return {
    longerStarts: new Float64Array(size),
    eventStarts: new Float64Array(size),
    beliefTimes: new Float64Array(size),
    values: new Float64Array(size),
  };
}

/** The same rows with room for `size`. */
function enlarged(rows: PartRows, size: number): PartRows {
  const larger = emptyRows(size);
  larger.longerStarts.set(rows.longerStarts);
  larger.eventStarts.set(rows.eventStarts);
  larger.beliefTimes.set(rows.beliefTimes);
  larger.values.set(rows.values);
  return larger;
}

/** The rows at these positions, with room for `size`. */
function pick(rows: PartRows, positions: Int32Array, size = positions.length): PartRows {
  const picked = emptyRows(size);
  for (let at = 0; at < positions.length; at++) {
    const row = positions[at]!;
    picked.longerStarts[at] = rows.longerStarts[row]!;
    picked.eventStarts[at] = rows.eventStarts[row]!;
    picked.beliefTimes[at] = rows.beliefTimes[row]!;
    picked.values[at] = rows.values[row]!;
  }
  return picked;
}
