import type { StepCost } from './bellman-step';
import { CutPieces } from './cut-pieces';

/** The scale is brought back to order 1 when it falls below; a power of two, which changes no digits. */
const smallestScale = 2 ** -200;

/**
 * A convex piecewise linear function of the stock on an interval, that the recursion's step
 *
 *     V[t](s) = minimum over allowed changes d of  cost(d) + V[t + 1](s + d)
 *
 * changes in place: the pieces of the cost are put among its own, sorted by slope, and what sticks out of the stock's
 * bounds is cut off. Steps can be taken back, the last one first, so that nobody has to keep all the functions: what
 * was cut off is. A step takes a few moves of memory, however many pieces there are.
 *
 * Losses over time stretch the whole function. That is kept as one scale: a piece of slope `s` and width `w` (money
 * units per stock unit, stock units) is stored as `s / scale` and `w * scale`.
 */
export class ConvexFunction {
  /** Stock units: where the interval begins. */
  start: number;
  /** Money units at the start. */
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
   * Nothing on an interval, which may be a single point.
   *
   * @param steps how many will be taken at most, each with three pieces at most
   */
  constructor(from: number, to: number, steps: number) {
    const room = 3 * steps + 2;
    this.slopes = new Float64Array(2 * room);
    this.widths = new Float64Array(2 * room);
    this.first = this.end = room;
    this.start = from;
    this.span = Math.max(0, to - from);
    if (this.span > 0) this.widths[this.end++] = this.span;
    this.starts = new Float64Array(steps);
    this.spans = new Float64Array(steps);
    this.scales = new Float64Array(steps);
    this.cutLeft = new CutPieces(steps, room);
    this.cutRight = new CutPieces(steps, room);
  }

  get pieces(): number {
    return this.end - this.first;
  }

  /**
   * One step of the recursion.
   *
   * @param cost of the step's changes, convex
   * @param from lowest stock, after losses and inflow of the step and before its power
   * @param to highest stock there; both may pass what can be reached by noise only
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
    // Stretched again and again, a rounding error of the span would grow beyond all bounds.
    if (retention !== 1) this.span = this.sumOfWidths() / this.scale;
    if (this.scale < smallestScale) this.rescale(1 / smallestScale);
    this.steps++;
  }

  /** Takes the last step back; the value at the start is not brought back with it. */
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

  /** Calls back with where each piece ends and its slope, from the first that ends above `from`, until told to stop. */
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

  /** Stock units: where the interval ends. */
  get stop(): number {
    return this.start + this.span;
  }

  private cutStart(from: number): void {
    const { slopes, widths, cutLeft } = this;
    // Below zero by noise: then the first piece grows.
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
    let place = this.placeOf(slope);
    if (place - this.first < this.end - place) {
      slopes.copyWithin(this.first - 1, this.first, place);
      widths.copyWithin(this.first - 1, this.first, place);
      this.first--;
      place--;
    } else {
      slopes.copyWithin(place + 1, place, this.end);
      widths.copyWithin(place + 1, place, this.end);
      this.end++;
    }
    slopes[place] = slope;
    widths[place] = width;
  }

  /** Removes the piece of this slope that was inserted last: it stands first among its equals. */
  private remove(slope: number): void {
    const { slopes, widths } = this;
    const place = this.placeOf(slope);
    if (place - this.first < this.end - place - 1) {
      slopes.copyWithin(this.first + 1, this.first, place);
      widths.copyWithin(this.first + 1, this.first, place);
      this.first++;
    } else {
      slopes.copyWithin(place, place + 1, this.end);
      widths.copyWithin(place, place + 1, this.end);
      this.end--;
    }
  }

  /** Index of the first piece that is as steep or steeper. */
  private placeOf(slope: number): number {
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
