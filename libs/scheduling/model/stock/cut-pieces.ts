/** The pieces that each step cut off at one end of a convex function, so that steps can be undone. */
export class CutPieces {
  private readonly slopes: Float64Array;
  private readonly widths: Float64Array;
  private size = 0;
  private readonly sizes: Int32Array;
  /** Width of the piece next to the cut before it was shortened; NaN if none was. */
  private readonly widthBefore: Float64Array;

  constructor(steps: number, capacity: number) {
    this.slopes = new Float64Array(capacity);
    this.widths = new Float64Array(capacity);
    this.sizes = new Int32Array(steps);
    this.widthBefore = new Float64Array(steps).fill(NaN);
  }

  begin(step: number): void {
    this.sizes[step] = this.size;
  }

  push(slope: number, width: number): void {
    this.slopes[this.size] = slope;
    this.widths[this.size++] = width;
  }

  shorten(step: number, width: number): void {
    this.widthBefore[step] = width;
  }

  /**
   * Puts back what a step cut off.
   *
   * @param edge one past the last piece (direction 1), or the first (direction -1)
   * @returns the edge after the pieces of the step are back
   */
  restore(step: number, slopes: Float64Array, widths: Float64Array, edge: number, direction: 1 | -1): number {
    const width = this.widthBefore[step]!;
    if (!Number.isNaN(width)) widths[direction === 1 ? edge - 1 : edge] = width;
    while (this.size > this.sizes[step]!) {
      this.size--;
      if (direction === -1) edge--;
      slopes[edge] = this.slopes[this.size]!;
      widths[edge] = this.widths[this.size]!;
      if (direction === 1) edge++;
    }
    return edge;
  }
}
