import type { StepCost } from './bellman-step';

/** A convex piecewise linear function of the stock on an interval. */
export interface ConvexFunction {
  /** Stock units, ascending: where the pieces begin, and where the last one ends. At least one. */
  at: Float64Array;
  /** Money units per stock unit of each piece, ascending; one fewer than `at`. */
  slope: Float64Array;
  /** Money units at the first of `at`. */
  valueAtStart: number;
}

/** Nothing on an interval, which may be a single point. */
export const singlePiece = (from: number, to: number): ConvexFunction => ({
  at: to > from ? Float64Array.of(from, to) : Float64Array.of(from),
  slope: new Float64Array(to > from ? 1 : 0),
  valueAtStart: 0,
});

/**
 * The recursion's step on convex functions,
 *
 *     V[t](s) = minimum over allowed changes d of  cost(d) + V[t + 1](s + d):
 *
 * the pieces of both, sorted by slope and laid end to end. Positions are differences of a breakpoint and a knot, so
 * that rounding errors do not add up over the steps. One instance may be used for many steps: it only keeps its buffers.
 */
export class ConvexMerge {
  private at = new Float64Array(256);
  private slope = new Float64Array(256);
  private size = 0;
  private value = 0;

  /**
   * @param next V[t + 1]
   * @param step cost of the changes, convex
   * @param from lowest stock before the step; `from` and `to` may pass the interval that can be reached by noise only
   * @param to highest stock before the step
   */
  run(next: ConvexFunction, { change, cost }: StepCost, from: number, to: number): ConvexFunction {
    const pieces = next.slope.length;
    this.reserve(pieces + change.length);
    this.size = 0;
    let piece = 0;
    let knot = change.length - 1;
    let position = next.at[0]! - change[knot]!;
    this.value = next.valueAtStart + cost[knot]!;
    while (piece < pieces || knot > 0) {
      const own = knot > 0 ? (cost[knot - 1]! - cost[knot]!) / (change[knot]! - change[knot - 1]!) : Infinity;
      const later = piece < pieces ? next.slope[piece]! : Infinity;
      if (later <= own) piece++;
      else knot--;
      const end = next.at[piece]! - change[knot]!;
      if (end > from && position < to) this.add(Math.min(own, later), position, end, from, to);
      else if (position < to) this.value += Math.min(own, later) * (end - position);
      position = end;
    }
    return this.take(from, to);
  }

  private add(slope: number, start: number, end: number, from: number, to: number): void {
    if (this.size === 0) {
      this.value += slope * (from - start);
      this.at[0] = from;
    }
    const stop = Math.min(end, to);
    if (stop <= this.at[this.size]!) return;
    const isSame = this.size > 0 && this.slope[this.size - 1] === slope;
    if (!isSame) this.slope[this.size++] = slope;
    this.at[this.size] = stop;
  }

  private take(from: number, to: number): ConvexFunction {
    if (this.size === 0) this.at[0] = from;
    else this.at[this.size] = Math.max(to, this.at[this.size]!);
    return {
      at: this.at.slice(0, this.size + 1),
      slope: this.slope.slice(0, this.size),
      valueAtStart: this.value,
    };
  }

  private reserve(count: number): void {
    if (this.slope.length > count) return;
    this.at = new Float64Array(2 * count + 2);
    this.slope = new Float64Array(2 * count + 2);
  }
}
