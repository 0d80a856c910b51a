/**
 * A linear or mixed-integer program: minimise cost' x subject to rowLower <= A x <= rowUpper and
 * columnLower <= x <= columnUpper, with x[j] an integer if integer[j] is 1. A missing bound is -Infinity or Infinity.
 *
 * A is stored by rows (CSR): row i has the entries `indices[k]` (column) and `values[k]` (coefficient) for
 * rowStarts[i] <= k < rowStarts[i + 1].
 */
export interface LinearProgram {
  columnCount: number;
  rowCount: number;
  cost: Float64Array;
  columnLower: Float64Array;
  columnUpper: Float64Array;
  /** 1 for columns that must be integers; undefined if there are none. */
  integer: Uint8Array | undefined;
  rowLower: Float64Array;
  rowUpper: Float64Array;
  /** Length rowCount + 1. */
  rowStarts: Int32Array;
  indices: Int32Array;
  values: Float64Array;
}
