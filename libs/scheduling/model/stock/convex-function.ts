import type { StepCost } from './bellman-step';
import { CutPieces } from './cut-pieces';

/** Below this, the scale is reset to order 1. A power of two, so that no digits change. */
const smallestScale = 2 ** -200;

/**
 * A convex piecewise linear function of the stock on an interval. A step of the backward recursion
 *
 *     V[t](s) = minimum over allowed changes d of  cost(d) + V[t + 1](s + d)
 *
 * changes it in place: the pieces of the cost are inserted among its own pieces, sorted by slope, and the parts outside
 * the bounds of the stock are cut off. Steps can be undone, the last one first, because the cut-off pieces are kept; so
 * there is no need to store one function per step.
 *
 * Losses over time stretch the whole function. This is stored as one scale: a piece of slope `s` and width `w` (money
 * units per stock unit, stock units) is stored as `s / scale` and `w * scale`.
 */
export class ConvexFunction {
  /** Stock units; lower end of the interval. */
  start: number;
  /** Money units; value at the lower end. */
  valueAtStart = 0;
  private readonly slopes: Float64Array;
  private readonly widths: Float64Array;
  private first: number;
  private end: number;
  private span: number;
  private scale = 1;
  private steps = 0;
  private readonly starts: Float64Array;
  private readonly spans: Float64Array;
  private readonly scales: Float64Array;
  private readonly cutLeft: CutPieces;
  private readonly cutRight: CutPieces;

  /**
   * The function that is 0 on an interval, which may be a single point.
   *
   * @param steps largest number of steps that will be taken, each with at most three pieces
   */
  constructor(from: number, to: number, steps: number) {
    const capacity = 3 * steps + 2;
    this.slopes = new Float64Array(2 * capacity);
    this.widths = new Float64Array(2 * capacity);
    this.first = this.end = capacity;
    this.start = from;
    this.span = Math.max(0, to - from);
    if (this.span > 0) this.widths[this.end++] = this.span;
    this.starts = new Float64Array(steps);
    this.spans = new Float64Array(steps);
    this.scales = new Float64Array(steps);
    this.cutLeft = new CutPieces(steps, capacity);
    this.cutRight = new CutPieces(steps, capacity);
  }

  get pieces(): number {
    return this.end - this.first;
  }

  /**
   * Takes one step of the recursion.
   *
   * @param cost of the step's changes, convex
   * @param from lowest stock after losses and inflow of the step and before its power
   * @param to highest stock, likewise; both may lie outside the reachable range by rounding noise only
   */
  step({ change, cost }: StepCost, from: number, to: number, retention: number, inflow: number): void {
    const last = change.length - 1;
    this.starts[this.steps] = this.start;
    this.spans[this.steps] = this.span;
    this.scales[this.steps] = this.scale;
    for (let knot = last; knot > 0; knot--) {
      const width = change[knot]! - change[knot - 1]!;
      this.insert((cost[knot - 1]! - cost[knot]!) / width / this.scale, width * this.scale);
    }
    this.valueAtStart += cost[last]!;
    this.start -= change[last]!;
    this.span += change[last]! - change[0]!;
    this.cutStart(from);
    this.cutEnd(to);
    this.start = (from - inflow) / retention;
    this.scale *= retention;
    // Repeated stretching would let a rounding error of the span grow without limit.
    if (retention !== 1) this.span = this.sumOfWidths() / this.scale;
    if (this.scale < smallestScale) this.rescale(1 / smallestScale);
    this.steps++;
  }

  /** Undoes the last step, except for `valueAtStart`. */
  undo({ change, cost }: StepCost): void {
    this.steps--;
    if (this.scale > 1.5 * this.scales[this.steps]!) this.rescale(smallestScale);
    this.scale = this.scales[this.steps]!;
    this.end = this.cutRight.restore(this.steps, this.slopes, this.widths, this.end, 1);
    this.first = this.cutLeft.restore(this.steps, this.slopes, this.widths, this.first, -1);
    for (let knot = 1; knot < change.length; knot++) {
      const width = change[knot]! - change[knot - 1]!;
      this.remove((cost[knot - 1]! - cost[knot]!) / width / this.scale);
    }
    this.start = this.starts[this.steps]!;
    this.span = this.spans[this.steps]!;
  }

  /** Visits the upper end and the slope of each piece that ends above `from`, until `visit` returns false. */
  scan(from: number, visit: (end: number, slope: number) => boolean): void {
    const { widths, slopes, scale, start } = this;
    const before = (from - start) * scale;
    let end = 0;
    let i = this.first;
    while (i < this.end && end + widths[i]! <= before) end += widths[i++]!;
    for (; i < this.end; i++) {
      end += widths[i]!;
      if (!visit(start + end / scale, slopes[i]! * scale)) return;
    }
  }

  /** Stock units; upper end of the interval. */
  get stop(): number {
    return this.start + this.span;
  }

  private cutStart(from: number): void {
    const { slopes, widths, cutLeft } = this;
    // Rounding noise can make it negative; then the first piece grows.
    let excess = (from - this.start) * this.scale;
    cutLeft.begin(this.steps);
    while (excess !== 0 && this.first < this.end) {
      const [slope, width] = [slopes[this.first]!, widths[this.first]!];
      const cut = Math.min(excess, width);
      this.valueAtStart += slope * cut;
      if (width <= excess) {
        cutLeft.push(slope, width);
        this.first++;
      } else {
        cutLeft.shorten(this.steps, width);
        widths[this.first] = width - cut;
      }
      excess -= cut;
    }
    this.span -= from - this.start;
    this.start = from;
  }

  private cutEnd(to: number): void {
    const { slopes, widths, cutRight } = this;
    let excess = (this.stop - to) * this.scale;
    cutRight.begin(this.steps);
    if (excess <= 0) return;
    this.span = to - this.start;
    while (excess > 0 && this.first < this.end) {
      const [slope, width] = [slopes[this.end - 1]!, widths[this.end - 1]!];
      if (width <= excess) {
        cutRight.push(slope, width);
        this.end--;
      } else {
        cutRight.shorten(this.steps, width);
        widths[this.end - 1] = width - excess;
      }
      excess -= width;
    }
  }

  private insert(slope: number, width: number): void {
    const { slopes, widths } = this;
    let index = this.indexOf(slope);
    if (index - this.first < this.end - index) {
      slopes.copyWithin(this.first - 1, this.first, index);
      widths.copyWithin(this.first - 1, this.first, index);
      this.first--;
      index--;
    } else {
      slopes.copyWithin(index + 1, index, this.end);
      widths.copyWithin(index + 1, index, this.end);
      this.end++;
    }
    slopes[index] = slope;
    widths[index] = width;
  }

  /** Removes the piece of this slope that was inserted last: the first of its equals. */
  private remove(slope: number): void {
    const { slopes, widths } = this;
    const index = this.indexOf(slope);
    if (index - this.first < this.end - index - 1) {
      slopes.copyWithin(this.first + 1, this.first, index);
      widths.copyWithin(this.first + 1, this.first, index);
      this.first++;
    } else {
      slopes.copyWithin(index, index + 1, this.end);
      widths.copyWithin(index, index + 1, this.end);
      this.end--;
    }
  }

  /** Index of the first piece whose slope is not smaller. */
  private indexOf(slope: number): number {
    let [low, high] = [this.first, this.end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.slopes[middle]! < slope) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private sumOfWidths(): number {
    let sum = 0;
    for (let i = this.first; i < this.end; i++) sum += this.widths[i]!;
    return sum;
  }

  private rescale(factor: number): void {
    this.scale *= factor;
    for (let i = this.first; i < this.end; i++) {
      this.slopes[i]! /= factor;
      this.widths[i]! *= factor;
    }
  }
}
