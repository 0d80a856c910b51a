import { BreakpointList, type PiecewiseLinear } from './piecewise-linear';
import { WindowMinimum } from './window-minimum';

/** Stock units; breakpoints that are closer count as one. */
const minDistance = 1e-12;

/** Cost of the stock changes that one step allows: a piecewise linear function, given by its knots. */
export interface StepCost {
  /** Stock units, strictly ascending, at least one. */
  change: Float64Array;
  /** Money units at each knot. */
  cost: Float64Array;
}

/**
 * One step of the backward recursion over the value function of the stock,
 *
 *     V[t](s) = minimum over allowed changes d of  cost(d) + V[t + 1](s + d),
 *
 * an infimal convolution, computed exactly and without assuming convexity. At a minimum
 *
 * - either d is a knot of the cost: this gives a copy of V[t + 1], shifted by the knot;
 * - or s + d is a breakpoint of V[t + 1] and d lies inside a piece of the cost: this gives a straight line with the
 *   negative slope of the piece. Only the cheapest breakpoint within reach of the piece matters (sliding-window minimum).
 *
 * Between two events (a shifted copy reaches its next breakpoint) all candidates are straight lines, at most seven for a
 * cost of three pieces, and V[t] is their lower envelope.
 *
 * An instance can be reused for many steps; it only keeps its buffers.
 */
export class BellmanStep {
  private readonly windows = [new WindowMinimum(), new WindowMinimum(), new WindowMinimum()];
  private readonly pointers = new Int32Array(4);
  private readonly lineStart = new Float64Array(8);
  private readonly lineSlope = new Float64Array(8);
  private lineCount = 0;
  private pieceSlope = new Float64Array(3);
  private slopes = new Float64Array(1024);
  private next: PiecewiseLinear = { at: new Float64Array(1), value: new Float64Array(1) };
  private step: StepCost = { change: new Float64Array(1), cost: new Float64Array(1) };

  /**
   * @param next V[t + 1] over the allowed stocks after the step
   * @param step cost of the changes in the step
   * @param from lowest stock before the step; an allowed change must lead from it into the domain of `next`
   * @param to highest stock before the step; the same applies
   * @param result receives the breakpoints of V[t] on [from, to], not simplified
   */
  run(next: PiecewiseLinear, step: StepCost, from: number, to: number, result: BreakpointList): void {
    this.prepare(next, step);
    result.clear();
    let stock = from;
    this.advanceTo(stock);
    this.collectLines(stock);
    result.push(stock, this.lowestAtStart());
    while (to - stock > minDistance) {
      const end = Math.min(this.nextEvent(), to);
      this.emitEnvelope(stock, end, result);
      stock = end;
      this.advanceTo(stock);
      this.collectLines(stock);
    }
  }

  private prepare(next: PiecewiseLinear, step: StepCost): void {
    this.next = next;
    this.step = step;
    const { at, value } = next;
    if (this.slopes.length < at.length) this.slopes = new Float64Array(2 * at.length);
    for (let i = 0; i + 1 < at.length; i++)
      this.slopes[i] = (value[i + 1]! - value[i]!) / (at[i + 1]! - at[i]!);
    this.pointers.fill(-1);
    const { change, cost } = step;
    for (let j = 0; j + 1 < change.length; j++) {
      this.pieceSlope[j] = (cost[j + 1]! - cost[j]!) / (change[j + 1]! - change[j]!);
      this.windows[j]!.reset(at.length);
    }
  }

  /** Moves the pointer of each knot to the last breakpoint of `next` at or below stock + change, and the windows too. */
  private advanceTo(stock: number): void {
    const { at, value } = this.next;
    const { change } = this.step;
    for (let j = 0; j < change.length; j++) {
      const reached = stock + change[j]! + minDistance;
      let pointer = this.pointers[j]!;
      while (pointer + 1 < at.length && at[pointer + 1]! <= reached) {
        pointer++;
        // Knot j is the right end of piece j - 1 and the left end of piece j.
        if (j > 0) {
          this.windows[j - 1]!.push(pointer, value[pointer]! + this.pieceSlope[j - 1]! * at[pointer]!);
        }
      }
      this.pointers[j] = pointer;
    }
    for (let j = 0; j + 1 < change.length; j++) this.windows[j]!.dropUpTo(this.pointers[j]!);
  }

  /** The next higher stock at which a shifted copy reaches a breakpoint. */
  private nextEvent(): number {
    const { at } = this.next;
    const { change } = this.step;
    let event = Infinity;
    for (let j = 0; j < change.length; j++) {
      const pointer = this.pointers[j]! + 1;
      if (pointer < at.length) event = Math.min(event, at[pointer]! - change[j]!);
    }
    return event;
  }

  /** Collects the straight lines that are candidates from `stock` to the next event. */
  private collectLines(stock: number): void {
    const { at, value } = this.next;
    const { change, cost } = this.step;
    let count = 0;
    for (let j = 0; j < change.length; j++) {
      const pointer = this.pointers[j]!;
      if (pointer >= 0 && pointer + 1 < at.length) {
        const slope = this.slopes[pointer]!;
        this.lineStart[count] = cost[j]! + value[pointer]! + slope * (stock + change[j]! - at[pointer]!);
        this.lineSlope[count++] = slope;
      }
      if (j + 1 === change.length) break;
      const weight = this.windows[j]!.minimum;
      if (weight !== Infinity) {
        const slope = this.pieceSlope[j]!;
        this.lineStart[count] = cost[j]! + weight - slope * (stock + change[j]!);
        this.lineSlope[count++] = -slope;
      }
    }
    this.lineCount = count;
    if (count === 0) this.collectOnlyChoice();
  }

  /** Rounding can leave no candidate at an end of the domain: there, only the first or last change leads into `next`. */
  private collectOnlyChoice(): void {
    const { value } = this.next;
    const { cost } = this.step;
    const isBelow = this.pointers[cost.length - 1] === -1;
    this.lineStart[0] = isBelow ? cost[cost.length - 1]! + value[0]! : cost[0]! + value[value.length - 1]!;
    this.lineSlope[0] = 0;
    this.lineCount = 1;
  }

  private lowestAtStart(): number {
    let lowest = Infinity;
    for (let i = 0; i < this.lineCount; i++) lowest = Math.min(lowest, this.lineStart[i]!);
    return lowest;
  }

  /** Appends the lower envelope of the lines on (from, to]: follows the lowest line until a less steep one crosses it. */
  private emitEnvelope(from: number, to: number, result: BreakpointList): void {
    const { lineStart, lineSlope, lineCount } = this;
    const width = to - from;
    let current = 0;
    for (let i = 1; i < lineCount; i++) {
      const difference = lineStart[i]! - lineStart[current]!;
      if (difference < 0 || (difference === 0 && lineSlope[i]! < lineSlope[current]!)) current = i;
    }
    for (;;) {
      let crossing = width;
      let crossed = -1;
      for (let i = 0; i < lineCount; i++) {
        const descent = lineSlope[current]! - lineSlope[i]!;
        if (descent <= 0) continue;
        const x = (lineStart[i]! - lineStart[current]!) / descent;
        if (x < crossing || (x === crossing && crossed >= 0 && lineSlope[i]! < lineSlope[crossed]!)) {
          crossing = x;
          crossed = i;
        }
      }
      if (crossed < 0) break;
      if (crossing > minDistance && width - crossing > minDistance) {
        result.push(from + crossing, lineStart[current]! + lineSlope[current]! * crossing);
      }
      current = crossed;
    }
    if (width > 0) result.push(to, lineStart[current]! + lineSlope[current]! * width);
  }
}
