/** A continuous piecewise linear function on the interval from its first to its last breakpoint. */
export interface PiecewiseLinear {
  /** Strictly ascending; at least one. */
  at: Float64Array;
  /** The function's value at each breakpoint. */
  value: Float64Array;
}

/** Breakpoints collected in ascending order. The arrays are kept between uses. */
export class BreakpointList {
  size = 0;
  at = new Float64Array(1024);
  value = new Float64Array(1024);

  clear(): void {
    this.size = 0;
  }

  push(at: number, value: number): void {
    if (this.size === this.at.length) {
      this.at = enlarged(this.at);
      this.value = enlarged(this.value);
    }
    this.at[this.size] = at;
    this.value[this.size++] = value;
  }
}

function enlarged(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}

/**
 * Drops breakpoints so that the function changes nowhere by more than `tolerance`.
 *
 * One pass in ascending order (the "swinging door" of E. H. Bristol, 1990, with chords between original points): the
 * chords from the last kept point that pass each later point within the tolerance have slopes in an interval. When the
 * slope to the next point leaves that interval, the point before it is kept.
 */
export function simplify(points: BreakpointList, tolerance: number): PiecewiseLinear {
  const { size, at, value } = points;
  const kept = new Int32Array(size);
  let count = 0;
  let anchor = 0;
  kept[count++] = 0;
  let steepest = Infinity;
  let flattest = -Infinity;
  for (let i = 1; i < size; i++) {
    const run = at[i]! - at[anchor]!;
    const rise = value[i]! - value[anchor]!;
    const slope = rise / run;
    if (slope > steepest || slope < flattest) {
      anchor = i - 1;
      kept[count++] = anchor;
      steepest = Infinity;
      flattest = -Infinity;
    }
    const width = at[i]! - at[anchor]!;
    const height = value[i]! - value[anchor]!;
    steepest = Math.min(steepest, (height + tolerance) / width);
    flattest = Math.max(flattest, (height - tolerance) / width);
  }
  if (size > 1) kept[count++] = size - 1;
  return pick(points, kept.subarray(0, count));
}

function pick(points: BreakpointList, kept: Int32Array): PiecewiseLinear {
  const at = new Float64Array(kept.length);
  const value = new Float64Array(kept.length);
  for (let i = 0; i < kept.length; i++) {
    at[i] = points.at[kept[i]!]!;
    value[i] = points.value[kept[i]!]!;
  }
  return { at, value };
}
