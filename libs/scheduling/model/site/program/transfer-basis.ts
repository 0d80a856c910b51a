import { type Basis, BasisStatus, type LabelList } from '#lib/solver/model';
import type { SiteProgram } from './site-program';

/**
 * The basis of one program, as far as it fits another program of the same site: columns and rows with the same label get
 * the same status.
 *
 * @param stepsPerStep number of steps of the other program for one step of the first
 */
export function transferBasis(from: SiteProgram, basis: Basis, to: SiteProgram, stepsPerStep: number): Basis {
  const { basic, atUpper, atZero } = BasisStatus;
  const { columnLower, columnUpper, rowLower, rowUpper } = to.program;
  const columns = transferred(from.labels.columns, basis.columns, to.labels.columns, stepsPerStep);
  const rows = transferred(from.labels.rows, basis.rows, to.labels.rows, stepsPerStep);
  let missing = rows.length;
  columns.forEach((status, j) => {
    if (status === basic) missing--;
    else columns[j] = atBound(status, columnLower[j]!, columnUpper[j]!);
  });
  rows.forEach((status, i) => {
    // Rows that the first program does not have are basic: they do not restrict the vertex.
    if (status < 0) rows[i] = basic;
    if (rows[i] === basic) missing--;
    else rows[i] = atBound(rows[i]!, rowLower[i]!, rowUpper[i]!);
  });
  for (let i = 0; i < rows.length && missing > 0; i++) {
    if (rows[i] === basic) continue;
    rows[i] = basic;
    missing--;
  }
  for (let i = 0; i < rows.length && missing < 0; i++) {
    if (rows[i] !== basic) continue;
    rows[i] = atBound(atUpper, rowLower[i]!, rowUpper[i]!);
    if (rows[i] === atZero) rows[i] = basic;
    else missing++;
  }
  return { columns, rows };
}

/** Statuses by label; -1 where the first program has nothing with that label. */
function transferred(from: LabelList, statuses: Int32Array, to: LabelList, stepsPerStep: number): Int32Array {
  let [keys, steps] = [0, 0];
  from.keys.forEach((key, j) => {
    keys = Math.max(keys, key + 1);
    steps = Math.max(steps, from.steps[j]! + 1);
  });
  const known = new Int8Array(keys * steps).fill(-1);
  from.keys.forEach((key, j) => (known[key * steps + from.steps[j]!] = statuses[j]!));
  return Int32Array.from(to.keys, (key, j) => {
    const step = Math.floor(to.steps[j]! / stepsPerStep);
    return key < keys && step < steps ? known[key * steps + step]! : -1;
  });
}

/** A status that is not basic and has a finite bound; the lower one if either will do. */
function atBound(status: number, lower: number, upper: number): number {
  const { atLower, atUpper, atZero } = BasisStatus;
  if (upper < Infinity && (status === atUpper || lower === -Infinity)) return atUpper;
  return lower > -Infinity ? atLower : atZero;
}
