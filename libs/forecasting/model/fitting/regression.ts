import { solveSymmetric } from './cholesky';

/** Rows of numbers: `data[row * columns + column]`. */
export interface Table {
  rows: number;
  columns: number;
  data: Float64Array;
}

/** value = intercept + sum of coefficients[j] * (row[j] - means[j]). */
export interface LinearModel {
  intercept: number;
  coefficients: Float64Array;
  means: Float64Array;
}

/**
 * Linear regression on a table of features. Features and outcomes are standardised to mean 0 and deviation 1. Constant
 * columns become 0.
 */
export class Regression {
  private readonly means: Float64Array;
  private readonly deviations: Float64Array;
  /** Per row: the standardised columns, 1 for the intercept, the standardised outcome. Padded with zero rows to a batch. */
  private readonly rows: Float64Array;
  private readonly outcomeMean: number;
  private readonly outcomeDeviation: number;

  constructor(
    private readonly table: Table,
    outcomes: Float64Array,
  ) {
    const { rows, columns, data } = table;
    this.means = new Float64Array(columns);
    this.deviations = new Float64Array(columns);
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, at++) this.means[j]! += data[at]! / rows;
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, at++) this.deviations[j]! += (data[at]! - this.means[j]!) ** 2 / rows;
    this.deviations.forEach((variance, j) => {
      const deviation = Math.sqrt(variance);
      this.deviations[j] = deviation > 1e-9 * (1 + Math.abs(this.means[j]!)) ? deviation : 0;
    });
    this.outcomeMean = outcomes.reduce((sum, value) => sum + value, 0) / rows;
    const variance = outcomes.reduce((sum, value) => sum + (value - this.outcomeMean) ** 2, 0) / rows;
    this.outcomeDeviation = Math.sqrt(variance) || 1;
    this.rows = new Float64Array(Math.ceil(rows / BATCH) * BATCH * (columns + 2));
    for (let i = 0, from = 0, to = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, from++, to++) {
        const deviation = this.deviations[j]!;
        if (deviation > 0) this.rows[to] = (data[from]! - this.means[j]!) / deviation;
      }
      this.rows[to++] = 1;
      this.rows[to++] = (outcomes[i]! - this.outcomeMean) / this.outcomeDeviation;
    }
  }

  /** Ridge regression (least squares with a penalty on the squared coefficients), for each penalty. */
  leastSquares(penalties: readonly number[]): LinearModel[] {
    const { gram, moments } = this.normalEquations();
    return penalties.map((penalty) => this.toModel(this.solve(gram, moments, penalty * this.table.rows)));
  }

  /**
   * Least absolute errors with the same penalty, by iteratively reweighted least squares (Schlossmacher, 1973). This is
   * robust against rare large values.
   */
  leastAbsolute(penalty: number, rounds: number): LinearModel {
    let weights: Float64Array | undefined;
    let solution: Float64Array = new Float64Array();
    for (let round = 0; round <= rounds; round++) {
      const { gram, moments, total } = this.normalEquations(weights);
      solution = this.solve(gram, moments, penalty * total);
      if (round < rounds) weights = this.computeWeights(solution);
    }
    return this.toModel(solution);
  }

  private computeWeights(solution: Float64Array): Float64Array {
    const { rows, columns } = this.table;
    const weights = new Float64Array(Math.ceil(rows / BATCH) * BATCH);
    for (let i = 0, at = 0; i < rows; i++) {
      let error = 0;
      for (let j = 0; j <= columns; j++, at++) error -= this.rows[at]! * solution[j]!;
      error += this.rows[at++]!;
      weights[i] = 1 / Math.max(Math.abs(error), MIN_ERROR);
    }
    return weights;
  }

  /**
   * Sums of products of columns with each other and with the outcome; the last column is the intercept. Fitting spends most
   * of its time here. Four rows are summed at a time, which reduces the memory accesses to a quarter.
   */
  private normalEquations(weights?: Float64Array) {
    const size = this.table.columns + 1;
    const width = size + 1;
    const { rows } = this;
    const products = new Float64Array(width * width);
    for (let a = 0, i = 0; a < rows.length; a += BATCH * width, i += BATCH) {
      const [b, c, d] = [a + width, a + 2 * width, a + 3 * width] as const;
      for (let j = 0; j < width; j++) {
        let [va, vb, vc, vd] = [rows[a + j]!, rows[b + j]!, rows[c + j]!, rows[d + j]!];
        if (weights) {
          va *= weights[i]!;
          vb *= weights[i + 1]!;
          vc *= weights[i + 2]!;
          vd *= weights[i + 3]!;
        }
        if (va === 0 && vb === 0 && vc === 0 && vd === 0) continue;
        const line = j * width;
        for (let k = 0; k <= j; k++)
          products[line + k]! +=
            va * rows[a + k]! + vb * rows[b + k]! + vc * rows[c + k]! + vd * rows[d + k]!;
      }
    }
    const gram = new Float64Array(size * size);
    for (let j = 0; j < size; j++) for (let k = 0; k <= j; k++) gram[j * size + k] = products[j * width + k]!;
    const moments = products.slice(size * width, size * width + size);
    return { gram, moments, total: gram[size * size - 1]! };
  }

  private solve(gram: Float64Array, moments: Float64Array, penalty: number): Float64Array {
    const size = moments.length;
    const penalised = Float64Array.from(gram);
    for (let j = 0; j < size - 1; j++) penalised[j * size + j]! += penalty;
    return solveSymmetric(penalised, moments, size);
  }

  private toModel(solution: Float64Array): LinearModel {
    const { columns } = this.table;
    const coefficients = this.deviations.map((deviation, j) =>
      deviation > 0 ? (solution[j]! * this.outcomeDeviation) / deviation : 0,
    );
    return {
      intercept: this.outcomeMean + solution[columns]! * this.outcomeDeviation,
      coefficients,
      means: this.means,
    };
  }
}

/** Rows whose products are summed at once. */
const BATCH = 4;

/** Lower limit of errors for the weights, relative to the deviation of the outcomes. */
const MIN_ERROR = 0.02;

/** The prediction of a model for the row that starts at `offset` of `data`. */
export function evaluate(
  { intercept, coefficients, means }: LinearModel,
  data: Float64Array,
  offset = 0,
): number {
  let value = intercept;
  for (let j = 0; j < coefficients.length; j++) {
    if (coefficients[j] !== 0) value += coefficients[j]! * (data[offset + j]! - means[j]!);
  }
  return value;
}
