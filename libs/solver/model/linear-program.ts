/**
 * minimise cost' x subject to rowLower <= A x <= rowUpper, columnLower <= x <= columnUpper,
 * with x[j] a whole number where integer[j] is 1. A missing bound is -Infinity or Infinity.
 *
 * A is stored row by row (CSR): the entries of row i are `indices[k]` (column) and `values[k]` (coefficient)
 * for rowStarts[i] <= k < rowStarts[i + 1].
 */
export interface LinearProgram {
  columnCount: number;
  rowCount: number;
  cost: Float64Array;
  columnLower: Float64Array;
  columnUpper: Float64Array;
  /** 1 where the column must be a whole number; undefined when no column must. */
  integer: Uint8Array | undefined;
  rowLower: Float64Array;
  rowUpper: Float64Array;
  /** Length rowCount + 1. */
  rowStarts: Int32Array;
  indices: Int32Array;
  values: Float64Array;
}
