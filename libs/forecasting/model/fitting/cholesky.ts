/**
 * Solves A x = b for a symmetric positive definite matrix by Cholesky's factorisation (Golub and Van Loan, "Matrix
 * Computations", 4.2).
 * @param a `size` x `size`, row by row; only the lower triangle is read
 * @returns x; entries for (numerically) singular directions are 0
 */
export function solveSymmetric(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const factor = Float64Array.from(a);
  const usable = new Uint8Array(size);
  for (let j = 0; j < size; j++) {
    const row = j * size;
    let pivot = factor[row + j]!;
    for (let k = 0; k < j; k++) pivot -= factor[row + k]! ** 2;
    usable[j] = pivot > 1e-12 * Math.max(1, a[row + j]!) ? 1 : 0;
    const root = usable[j] ? Math.sqrt(pivot) : 1;
    factor[row + j] = root;
    for (let i = j + 1; i < size; i++) {
      const other = i * size;
      let sum = factor[other + j]!;
      for (let k = 0; k < j; k++) sum -= factor[other + k]! * factor[row + k]!;
      factor[other + j] = usable[j] ? sum / root : 0;
    }
  }
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * x[k]!;
    x[i] = usable[i] ? sum / factor[i * size + i]! : 0;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < size; k++) sum -= factor[k * size + i]! * x[k]!;
    x[i] = usable[i] ? sum / factor[i * size + i]! : 0;
  }
  return x;
}
