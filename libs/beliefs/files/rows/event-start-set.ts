/**
 * Remembers which event starts have been seen. Regular series, from old to new or from new to old, are kept as runs
 * of equal steps, so that a file of any length takes hardly any memory; only event starts out of order take a place
 * of their own, as long as there is room.
 */
export class EventStartSet {
  /** 1 for series from old to new, -1 for the reverse, 0 while that is open. Runs hold times multiplied by it. */
  private direction = 0;
  /** The first event start, NaN before it. */
  private first = NaN;
  private readonly starts: number[] = [];
  private readonly steps: number[] = [];
  private readonly ends: number[] = [];
  private outOfOrder: Set<number> | undefined;

  /** @param room how many more event starts out of order may be remembered, by all sets that share it */
  constructor(private readonly room = { left: Infinity }) {}

  /** Gives back the room that it takes. */
  release(): void {
    this.room.left += this.outOfOrder?.size ?? 0;
    this.outOfOrder = undefined;
  }

  /** Adds an event start (epoch ms); false when it was there already, as far as that is remembered. */
  add(eventStart: number): boolean {
    if (this.direction === 0) {
      if (eventStart === this.first) return false;
      // Many sets hold a single event start, which takes no run.
      if (Number.isNaN(this.first)) {
        this.first = eventStart;
        return true;
      }
      this.takeDirection(eventStart);
    }
    const run = this.ends.length - 1;
    const key = eventStart * this.direction;
    const end = this.ends[run]!;
    if (key > end) {
      const step = key - end;
      if (this.steps[run] === 0) this.steps[run] = step;
      if (this.steps[run] !== step) return this.beginRun(key);
      this.ends[run] = key;
      return true;
    }
    return !this.isInRuns(key) && this.addOutOfOrder(key);
  }

  private beginRun(key: number): boolean {
    this.starts.push(key);
    this.steps.push(0);
    this.ends.push(key);
    return true;
  }

  private takeDirection(secondEventStart: number): void {
    this.direction = secondEventStart > this.first ? 1 : -1;
    this.beginRun(this.first * this.direction);
  }

  private isInRuns(key: number): boolean {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.starts[middle]! <= key) low = middle;
      else high = middle - 1;
    }
    const start = this.starts[low]!;
    return key === start || (key > start && key <= this.ends[low]! && (key - start) % this.steps[low]! === 0);
  }

  private addOutOfOrder(key: number): boolean {
    this.outOfOrder ??= new Set();
    if (this.outOfOrder.has(key)) return false;
    if (this.room.left <= 0) return true;
    this.room.left--;
    this.outOfOrder.add(key);
    return true;
  }
}
