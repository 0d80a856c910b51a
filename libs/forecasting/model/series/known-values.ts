/**
 * The values of a series as they were known at some step, without look-ahead. Short gaps are interpolated once the next
 * value is known; before that, they are filled with the last value.
 */
export class KnownValues {
  /** Index of the last known value at or before each step, -1 if none. */
  private readonly before: Int32Array;
  /** Index of the first known value at or after each step, `length` if none. */
  private readonly after: Int32Array;
  /** Sum and count of known values before each step. */
  private readonly sums: Float64Array;
  private readonly counts: Int32Array;

  /** @param maxGapSteps longest gap that is filled */
  constructor(
    private readonly values: Float64Array,
    private readonly maxGapSteps: number,
  ) {
    const { length } = values;
    this.before = new Int32Array(length);
    this.after = new Int32Array(length);
    this.sums = new Float64Array(length + 1);
    this.counts = new Int32Array(length + 1);
    for (let i = 0, last = -1; i < length; i++) {
      const isKnown = !Number.isNaN(values[i]!);
      if (isKnown) last = i;
      this.before[i] = last;
      this.sums[i + 1] = this.sums[i]! + (isKnown ? values[i]! : 0);
      this.counts[i + 1] = this.counts[i]! + (isKnown ? 1 : 0);
    }
    for (let i = length - 1, next = length; i >= 0; i--) {
      if (!Number.isNaN(values[i]!)) next = i;
      this.after[i] = next;
    }
  }

  get length(): number {
    return this.values.length;
  }

  /** Value at a step as known at the end of step `known`; NaN beyond short gaps. `at` <= `known`. */
  at(at: number, known: number): number {
    if (at < 0) return NaN;
    const value = this.values[at]!;
    if (!Number.isNaN(value)) return value;
    const before = this.before[at]!;
    const after = this.after[at]!;
    if (before < 0 || Math.min(after, known + 1) - before - 1 > this.maxGapSteps) return NaN;
    const first = this.values[before]!;
    if (after > known) return first;
    return first + ((this.values[after]! - first) * (at - before)) / (after - before);
  }

  /** Whether there is a value at a step, and not only one that fills a gap. */
  isKnown(at: number): boolean {
    return at >= 0 && at < this.length && this.before[at] === at;
  }

  /** Index of the last known value at or before a step; -1 if there is none. */
  findLastKnown(at: number): number {
    return at < 0 ? -1 : this.before[Math.min(at, this.length - 1)]!;
  }

  /** Mean of the known values of the `count` steps up to `last`; NaN if fewer than half are known. */
  mean(last: number, count: number): number {
    const first = last + 1 - count;
    if (first < 0) return NaN;
    const known = this.counts[last + 1]! - this.counts[first]!;
    return 2 * known < count || known === 0 ? NaN : (this.sums[last + 1]! - this.sums[first]!) / known;
  }
}
