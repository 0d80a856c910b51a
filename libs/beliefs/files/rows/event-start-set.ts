/**
 * A set of event starts. Regular ascending or descending series are stored as runs of equal steps, so that long files need
 * little memory. Only event starts out of order are stored individually, up to a limit.
 */
export class EventStartSet {
  /** 1 for ascending series, -1 for descending ones, 0 while unknown. Runs contain times multiplied by it. */
  private direction = 0;
  /** The first event start; NaN if the set is empty. */
  private first = NaN;
  private readonly starts: number[] = [];
  private readonly steps: number[] = [];
  private readonly ends: number[] = [];
  private outOfOrder: Set<number> | undefined;

  /** @param room how many more event starts out of order can be stored; shared by several sets */
  constructor(private readonly room = { left: Infinity }) {}

  /** Releases the stored event starts out of order. */
  release(): void {
    this.room.left += this.outOfOrder?.size ?? 0;
    this.outOfOrder = undefined;
  }

  /** Adds an event start (epoch ms); false if it is in the set. */
  add(eventStart: number): boolean {
    if (this.direction === 0) {
      if (eventStart === this.first) return false;
      // Many sets contain a single event start, which needs no run.
      if (Number.isNaN(this.first)) {
        this.first = eventStart;
        return true;
      }
      this.setDirection(eventStart);
    }
    const run = this.ends.length - 1;
    const key = eventStart * this.direction;
    const end = this.ends[run]!;
    if (key > end) {
      const step = key - end;
      if (this.steps[run] === 0) this.steps[run] = step;
      if (this.steps[run] !== step) return this.startRun(key);
      this.ends[run] = key;
      return true;
    }
    return !this.isInRuns(key) && this.addOutOfOrder(key);
  }

  private startRun(key: number): boolean {
    this.starts.push(key);
    this.steps.push(0);
    this.ends.push(key);
    return true;
  }

  private setDirection(secondEventStart: number): void {
    this.direction = secondEventStart > this.first ? 1 : -1;
    this.startRun(this.first * this.direction);
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
