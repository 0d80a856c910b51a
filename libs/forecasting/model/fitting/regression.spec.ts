import { solveSymmetric } from './cholesky';
import { evaluate, Regression, type Table } from './regression';

const table = (...rows: number[][]): Table => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
});

describe('solveSymmetric', () => {
  it('matches a hand calculation', () => {
    // 4x + 2y = 10, 2x + 3y = 9 has x = 1.5, y = 2.
    const x = solveSymmetric(Float64Array.of(4, 0, 2, 3), Float64Array.of(10, 9), 2);
    expect(x[0]).toBeCloseTo(1.5, 12);
    expect(x[1]).toBeCloseTo(2, 12);
  });

  it('sets undetermined directions to zero', () => {
    const x = solveSymmetric(Float64Array.of(1, 0, 1, 1), Float64Array.of(2, 2), 2);
    expect([...x]).toEqual([2, 0]);
  });
});

describe('Regression', () => {
  const x = table([0, 1, 7], [1, 0, 7], [2, 5, 7], [3, 1, 7], [4, 2, 7], [5, 9, 7]);
  const y = Float64Array.from({ length: 6 }, (_, i) => 3 + 2 * x.data[3 * i]! - x.data[3 * i + 1]!);

  it('finds a linear relation and ignores a constant column', () => {
    const [model] = new Regression(x, y).leastSquares([0]);
    expect(evaluate(model!, Float64Array.of(10, 4, 7))).toBeCloseTo(19, 9);
    expect(model!.coefficients[2]).toBe(0);
  });

  it('shrinks coefficients with the penalty', () => {
    const [free, bound] = new Regression(x, y).leastSquares([0, 10]);
    expect(Math.abs(bound!.coefficients[0]!)).toBeLessThan(Math.abs(free!.coefficients[0]!) / 2);
    // With a huge penalty, only the mean remains.
    const [mean] = new Regression(x, y).leastSquares([1e12]);
    expect(evaluate(mean!, Float64Array.of(10, 4, 7))).toBeCloseTo(y.reduce((a, b) => a + b) / 6, 6);
  });

  it('is robust against an outlier with absolute errors', () => {
    const rows = Array.from({ length: 21 }, (_, i) => [i]);
    const wild = Float64Array.from(rows, ([i]) => (i === 20 ? 500 : i!));
    const regression = new Regression(table(...rows), wild);
    const [squares] = regression.leastSquares([0]);
    const absolute = regression.leastAbsolute(0, 30);
    const at = Float64Array.of(10);
    expect(Math.abs(evaluate(squares!, at) - 10)).toBeGreaterThan(15);
    expect(Math.abs(evaluate(absolute, at) - 10)).toBeLessThan(1);
  });
});
