import { GrowableArray } from './growable-array';
import type { LinearProgram } from './linear-program';
import { type Labels, LabelRecorder } from './labels';

/** Collects the columns and rows of a linear or mixed-integer program. A row can only use columns that exist already. */
export class ProgramBuilder {
  private readonly cost = new GrowableArray(new Float64Array(64));
  private readonly columnLower = new GrowableArray(new Float64Array(64));
  private readonly columnUpper = new GrowableArray(new Float64Array(64));
  private readonly integer = new GrowableArray(new Uint8Array(64));
  private readonly rowLower = new GrowableArray(new Float64Array(64));
  private readonly rowUpper = new GrowableArray(new Float64Array(64));
  private readonly rowStarts = new GrowableArray(new Int32Array(64));
  private readonly indices = new GrowableArray(new Int32Array(256));
  private readonly values = new GrowableArray(new Float64Array(256));
  private hasInteger = false;
  private recorder: LabelRecorder | undefined;

  constructor() {
    this.rowStarts.push(0);
  }

  /**
   * Labels the columns and rows that are added from now on, so that they can be found in similar programs.
   *
   * @throws RangeError if there are columns without a label
   */
  label(kind: number, step: number): void {
    if (!this.recorder && this.cost.length > 0)
      throw new RangeError('Either all columns have a label, or none.');
    this.recorder ??= new LabelRecorder();
    this.recorder.set(kind, step);
  }

  /** The labels of all columns and rows. */
  get labels(): Labels | undefined {
    return this.recorder?.toLabels();
  }

  /** Adds a variable with its cost per unit and its bounds. Returns its index. */
  addColumn(
    cost: number,
    lower: number,
    upper: number,
    kind: 'continuous' | 'integer' = 'continuous',
  ): number {
    this.cost.push(cost);
    this.columnLower.push(lower);
    this.columnUpper.push(upper);
    this.integer.push(kind === 'integer' ? 1 : 0);
    this.recorder?.addColumn();
    if (kind === 'integer') this.hasInteger = true;
    return this.cost.length - 1;
  }

  /**
   * Adds the constraint lower <= sum of coefficients[k] * x[columns[k]] <= upper. Returns its index.
   *
   * @throws RangeError if a column does not exist
   */
  addRow(lower: number, upper: number, columns: readonly number[], coefficients: readonly number[]): number {
    this.rowLower.push(lower);
    this.rowUpper.push(upper);
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]!;
      if (column < 0 || column >= this.cost.length)
        throw new RangeError(`Column ${column} does not exist in this program.`);
      this.indices.push(column);
      this.values.push(coefficients[k]!);
    }
    this.rowStarts.push(this.indices.length);
    this.recorder?.addRow();
    return this.rowLower.length - 1;
  }

  build(): LinearProgram {
    return {
      columnCount: this.cost.length,
      rowCount: this.rowLower.length,
      cost: this.cost.toArray(),
      columnLower: this.columnLower.toArray(),
      columnUpper: this.columnUpper.toArray(),
      integer: this.hasInteger ? this.integer.toArray() : undefined,
      rowLower: this.rowLower.toArray(),
      rowUpper: this.rowUpper.toArray(),
      rowStarts: this.rowStarts.toArray(),
      indices: this.indices.toArray(),
      values: this.values.toArray(),
    };
  }
}
