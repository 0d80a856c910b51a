/** What was cut off at one end, step by step, to be put back. */
export class CutPieces {
  private readonly slopes: Float64Array;
  private readonly widths: Float64Array;
  private size = 0;
  private readonly sizes: Int32Array;
  /** Width that the piece next to the cut had before; NaN where none was shortened. */
  private readonly shortened: Float64Array;

  constructor(steps: number, room: number) {
    this.slopes = new Float64Array(room);
    this.widths = new Float64Array(room);
    this.sizes = new Int32Array(steps);
    this.shortened = new Float64Array(steps).fill(NaN);
  }

  begin(step: number): void {
    this.sizes[step] = this.size;
  }

  push(slope: number, width: number): void {
    this.slopes[this.size] = slope;
    this.widths[this.size++] = width;
  }

  shorten(step: number, width: number): void {
    this.shortened[step] = width;
  }

  /**
   * @param edge one past the last piece (direction 1), or the first (direction -1)
   * @returns the edge thereafter
   */
  restore(step: number, slopes: Float64Array, widths: Float64Array, edge: number, direction: 1 | -1): number {
    const width = this.shortened[step]!;
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
