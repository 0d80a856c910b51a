/** Whether a column or a row is free to take any value within its bounds (basic), or is at one of them. */
export const BasisStatus = { atLower: 0, basic: 1, atUpper: 2, atZero: 3 } as const;

/**
 * A vertex of a linear program: one status per column and one per row, of which as many are basic as there are rows. The
 * simplex method starts from one and ends at the optimal one, so that a start near the optimum saves time.
 */
export interface Basis {
  columns: Int32Array;
  rows: Int32Array;
}
