/**
 * A set of event starts, each with the number of its row. Regular ascending or descending series are stored as runs of equal
 * steps, so that long files need little memory. Only event starts out of order are stored individually, up to a limit.
 */
export class EventStartSet {
  /** 1 for ascending series, -1 for descending ones, 0 while unknown. Runs contain times multiplied by it. */
  private direction = 0;
  /** The first event start; NaN if the set is empty. */
  private first = NaN;
  private firstRow = 0;
  private readonly starts: number[] = [];
  private readonly steps: number[] = [];
  private readonly ends: number[] = [];
  /** Row numbers of the starts and ends of the runs. */
  private readonly startRows: number[] = [];
  private readonly endRows: number[] = [];
  /** Difference between the row numbers of neighbours in a run. */
  private readonly rowSteps: number[] = [];
  private outOfOrder: Map<number, number> | undefined;

  /** @param room how many more event starts out of order can be stored; shared by several sets */
  constructor(private readonly room = { left: Infinity }) {}

  /** Releases the stored event starts out of order. */
  release(): void {
    this.room.left += this.outOfOrder?.size ?? 0;
    this.outOfOrder = undefined;
  }

  /**
   * Adds an event start (epoch ms).
   *
   * @param row number of its row, larger than those before
   * @returns the number of the row that has this event start already; -1 if it is new
   */
  add(eventStart: number, row: number): number {
    if (this.direction === 0) {
      if (eventStart === this.first) return this.firstRow;
      // Many sets contain a single event start, which needs no run.
      if (Number.isNaN(this.first)) {
        this.first = eventStart;
        this.firstRow = row;
        return -1;
      }
      this.setDirection(eventStart);
    }
    const run = this.ends.length - 1;
    const key = eventStart * this.direction;
    const end = this.ends[run]!;
    if (!(key > end)) return this.findEarlier(key, row);
    const step = key - end;
    const rowStep = row - this.endRows[run]!;
    if (this.steps[run] === 0) {
      this.steps[run] = step;
      this.rowSteps[run] = rowStep;
    }
    if (this.steps[run] === step && this.rowSteps[run] === rowStep) {
      this.ends[run] = key;
      this.endRows[run] = row;
    } else {
      this.startRun(key, row);
    }
    return -1;
  }

  private startRun(key: number, row: number): void {
    this.starts.push(key);
    this.steps.push(0);
    this.ends.push(key);
    this.startRows.push(row);
    this.endRows.push(row);
    this.rowSteps.push(0);
  }

  private setDirection(secondEventStart: number): void {
    this.direction = secondEventStart > this.first ? 1 : -1;
    this.startRun(this.first * this.direction, this.firstRow);
  }

  private findEarlier(key: number, row: number): number {
    const found = this.findInRuns(key);
    return found >= 0 ? found : this.addOutOfOrder(key, row);
  }

  private findInRuns(key: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.starts[middle]! <= key) low = middle;
      else high = middle - 1;
    }
    const start = this.starts[low]!;
    if (key === start) return this.startRows[low]!;
    const isInRun = key > start && key <= this.ends[low]! && (key - start) % this.steps[low]! === 0;
    return isInRun ? this.startRows[low]! + ((key - start) / this.steps[low]!) * this.rowSteps[low]! : -1;
  }

  private addOutOfOrder(key: number, row: number): number {
    this.outOfOrder ??= new Map();
    const earlier = this.outOfOrder.get(key);
    if (earlier !== undefined) return earlier;
    if (this.room.left > 0) {
      this.room.left--;
      this.outOfOrder.set(key, row);
    }
    return -1;
  }
}
