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
 * A table of explanatory values with the values to explain, both brought to mean 0 and deviation 1. Columns that do not
 * vary become 0.
 */
export class Regression {
  private readonly means: Float64Array;
  private readonly deviations: Float64Array;
  private readonly rows: Float64Array;
  private readonly outcomes: Float64Array;
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
    this.rows = data.map((value, at) => {
      const deviation = this.deviations[at % columns]!;
      return deviation > 0 ? (value - this.means[at % columns]!) / deviation : 0;
    });
    this.outcomeMean = outcomes.reduce((sum, value) => sum + value, 0) / rows;
    const variance = outcomes.reduce((sum, value) => sum + (value - this.outcomeMean) ** 2, 0) / rows;
    this.outcomeDeviation = Math.sqrt(variance) || 1;
    this.outcomes = outcomes.map((value) => (value - this.outcomeMean) / this.outcomeDeviation);
  }

  /** Least squares with a penalty on the squared coefficients (ridge regression), for each penalty. */
  leastSquares(penalties: readonly number[]): LinearModel[] {
    const { gram, moments } = this.normalEquations();
    return penalties.map((penalty) => this.toModel(this.solve(gram, moments, penalty * this.table.rows)));
  }

  /**
   * Least absolute errors with the same penalty, by reweighted least squares (Schlossmacher, 1973): errors count by
   * their size, so that rare large values do not lead.
   */
  leastAbsolute(penalty: number, rounds: number): LinearModel {
    let weights: Float64Array | undefined;
    let solution: Float64Array = new Float64Array();
    for (let round = 0; round <= rounds; round++) {
      const { gram, moments, total } = this.normalEquations(weights);
      solution = this.solve(gram, moments, penalty * total);
      if (round < rounds) weights = this.weightsOf(solution);
    }
    return this.toModel(solution);
  }

  private weightsOf(solution: Float64Array): Float64Array {
    const { rows, columns } = this.table;
    const weights = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      let error = this.outcomes[i]! - solution[columns]!;
      for (let j = 0, at = i * columns; j < columns; j++, at++) error -= this.rows[at]! * solution[j]!;
      weights[i] = 1 / Math.max(Math.abs(error), SMALLEST_ERROR);
    }
    return weights;
  }

  /** Sums of products of columns with each other and with the outcome; the last column is the intercept's. */
  private normalEquations(weights?: Float64Array) {
    const { rows, columns } = this.table;
    const size = columns + 1;
    const gram = new Float64Array(size * size);
    const moments = new Float64Array(size);
    const line = new Float64Array(size);
    line[columns] = 1;
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const weight = weights ? weights[i]! : 1;
      line.set(this.rows.subarray(i * columns, (i + 1) * columns));
      total += weight;
      const outcome = this.outcomes[i]!;
      for (let j = 0; j < size; j++) {
        const value = weight * line[j]!;
        if (value === 0) continue;
        moments[j]! += value * outcome;
        for (let k = 0, at = j * size; k <= j; k++, at++) gram[at]! += value * line[k]!;
      }
    }
    return { gram, moments, total };
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

/** Errors below this part of the outcome's deviation count alike. */
const SMALLEST_ERROR = 0.02;

/** What a model says of a row that starts at `offset` of `data`. */
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
