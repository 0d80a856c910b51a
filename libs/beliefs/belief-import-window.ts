import { sortedOrder } from './sorted-order';

/** So many rows wait for others about the same event, unless a single event has more. */
const MAX_ROWS = 262_144;

/** Rows of a file, aligned; ordered by event, then from the oldest belief to the newest, then by start. */
export interface WindowRows {
  /** Start of the event that the row counts towards. */
  events: Float64Array;
  /** Start of the row's own event, which is a part of that. */
  starts: Float64Array;
  /** Infinity where the file does not tell. */
  beliefTimes: Float64Array;
  values: Float64Array;
}

/**
 * Gathers rows about the same event that stand near each other in a file, whatever the order. When it is full, the
 * events that the file has moved away from are taken out, and no further row may be about them.
 */
export class RowWindow {
  private rows = emptyRows(1024);
  private length = 0;
  private limit: number;
  /** 1 for files from old to new, -1 for the reverse, found out when the window is full for the first time. */
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

  /** Whether the event has been taken out. */
  isPassed(event: number): boolean {
    return this.direction !== undefined && event * this.direction <= this.passed;
  }

  add(event: number, start: number, beliefTime: number, value: number): void {
    if (this.length === this.rows.events.length) this.rows = doubled(this.rows);
    const { rows, length } = this;
    rows.events[length] = event;
    rows.starts[length] = start;
    rows.beliefTimes[length] = Number.isNaN(beliefTime) ? Infinity : beliefTime;
    rows.values[length] = value;
    this.length = length + 1;
  }

  /** Takes out the events that come first in the file's direction, about half of the rows; none of a single event. */
  async takeFirstHalf(): Promise<WindowRows> {
    const { events } = this.rows;
    this.direction ??= events[this.length - 1]! >= events[0]! ? 1 : -1;
    const { direction } = this;
    const order = await this.order();
    const middle = events[order[order.length >> 1]!]! * direction;
    const taken = order.filter((row) => events[row]! * direction < middle);
    const kept = order.filter((row) => events[row]! * direction >= middle);
    for (const row of taken) this.passed = Math.max(this.passed, events[row]! * direction);
    const rows = pick(this.rows, taken);
    this.rows = pick(this.rows, kept, this.rows.events.length);
    this.length = kept.length;
    this.limit = Math.max(this.maxRows, 2 * kept.length);
    return rows;
  }

  /** All that is left. */
  async takeAll(): Promise<WindowRows> {
    const rows = pick(this.rows, await this.order());
    this.length = 0;
    return rows;
  }

  private order(): Promise<Int32Array> {
    const { events, beliefTimes, starts } = this.rows;
    return sortedOrder(
      this.length,
      (one, other) =>
        events[one]! - events[other]! ||
        // Infinity minus itself is no number, which counts as equal here.
        beliefTimes[one]! - beliefTimes[other]! ||
        starts[one]! - starts[other]!,
    );
  }
}

function emptyRows(size: number): WindowRows {
  return {
    events: new Float64Array(size),
    starts: new Float64Array(size),
    beliefTimes: new Float64Array(size),
    values: new Float64Array(size),
  };
}

function doubled(rows: WindowRows): WindowRows {
  const larger = emptyRows(rows.events.length * 2);
  larger.events.set(rows.events);
  larger.starts.set(rows.starts);
  larger.beliefTimes.set(rows.beliefTimes);
  larger.values.set(rows.values);
  return larger;
}

/** The rows of that order, with room for more. */
function pick(rows: WindowRows, order: Int32Array, size = order.length): WindowRows {
  const picked = emptyRows(size);
  for (const [at, row] of order.entries()) {
    picked.events[at] = rows.events[row]!;
    picked.starts[at] = rows.starts[row]!;
    picked.beliefTimes[at] = rows.beliefTimes[row]!;
    picked.values[at] = rows.values[row]!;
  }
  return picked;
}
