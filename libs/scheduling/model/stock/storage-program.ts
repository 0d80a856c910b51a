import { type LinearProgram, ProgramBuilder } from '#lib/solver/model';
import type { StockProblem } from './stock-problem';

/**
 * The linear relaxation of a stock problem. Columns 0..steps-1 are the stocks after each step; row t is the recursion
 *
 *     stock[t + 1] - retention[t] stock[t] - sum of pieces[t] = inflow[t] + change nearest to idle
 *
 * with one column per linear piece of the step's cost, counted from idle: charging pieces raise the stock, discharging
 * pieces lower it. All coefficients are of order 1, and their number grows linearly with the steps.
 *
 * A solution can use pieces that are impossible together: charge and discharge at once, or use a piece before the one
 * that is closer to idle (import and export at once). So the objective is a lower bound of the true cost. It equals the
 * true cost if the costs of the steps are convex, as they are if consumption prices are neither negative nor below the
 * production prices.
 */
export function buildStorageProgram(problem: StockProblem): LinearProgram {
  const builder = new ProgramBuilder();
  for (let k = 1; k <= problem.steps; k++) builder.addColumn(0, problem.stockMin[k]!, problem.stockMax[k]!);
  for (let t = 0; t < problem.steps; t++) {
    const columns = [t];
    const coefficients = [1];
    if (t > 0) {
      columns.push(t - 1);
      coefficients.push(-problem.retention[t]!);
    }
    const base = idleKnot(problem, t);
    addPieces(builder, problem, base, problem.knotStarts[t + 1]! - 1, columns, coefficients);
    addPieces(builder, problem, base, problem.knotStarts[t]!, columns, coefficients);
    const change = problem.knotChange[base]! + problem.inflow[t]!;
    builder.addRow(change, change, columns, coefficients);
  }
  return builder.build();
}

/** Constant part of the cost, which the objective of the linear program leaves out, in money units. */
export function idleCost(problem: StockProblem): number {
  let cost = 0;
  for (let t = 0; t < problem.steps; t++) cost += problem.knotCost[idleKnot(problem, t)]!;
  return cost;
}

/** Index of the knot of step t whose change is closest to 0. */
function idleKnot(problem: StockProblem, t: number): number {
  const last = problem.knotStarts[t + 1]! - 1;
  let knot = problem.knotStarts[t]!;
  while (knot < last && problem.knotChange[knot]! < 0) knot++;
  return knot;
}

/** Adds one column for each piece between knot `from` and knot `to`, in either direction. */
function addPieces(
  builder: ProgramBuilder,
  problem: StockProblem,
  from: number,
  to: number,
  columns: number[],
  coefficients: number[],
): void {
  const direction = Math.sign(to - from);
  for (let knot = from; knot !== to; knot += direction) {
    const width = Math.abs(problem.knotChange[knot + direction]! - problem.knotChange[knot]!);
    const cost = (problem.knotCost[knot + direction]! - problem.knotCost[knot]!) / width;
    columns.push(builder.addColumn(cost, 0, width));
    coefficients.push(-direction);
  }
}
