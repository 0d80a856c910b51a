import { BellmanStep, type StepCost } from './bellman-step';
import { pathCost } from './path-cost';
import { BreakpointList, type PiecewiseLinear, simplify } from './piecewise-linear';
import { idleStock, type StockProblem } from './stock-problem';

export interface DynamicProgramOptions {
  /** Value functions with more breakpoints are approximated. */
  maxBreakpoints: number;
  /** performance.now() time after which value functions are approximated very coarsely, to finish soon. */
  deadlineMs: number;
}

export interface DynamicProgramResult {
  /** Stock units above the stock at start, after k steps; length steps + 1. */
  stock: Float64Array;
  /** Money units; cost of the path, compared with an idle storage. */
  cost: number;
  /** Money units by which the cost may exceed the optimum: rounding noise, unless a limit was reached. */
  gap: number;
  /** Number of breakpoints of the largest value function. */
  largestSize: number;
}

/** Money units by which simplification may change a value function. One step at full power costs at most 1. */
const finestTolerance = 1e-12;

/** Size of a value function after the deadline. */
const breakpointsAfterDeadline = 200;

/**
 * Finds the cheapest path of the stock if the storage either charges or discharges in a step, and the site either
 * imports or exports: exact for any sign and order of prices.
 *
 * Backward recursion (Bellman, 1957) over the cost-to-go V[t](s) as a piecewise linear function of the stock. The state
 * of a single storage is one number, so no grid and no binary variables are needed. Each step is an infimal convolution
 * (see BellmanStep). Each V[t] is simplified within a tolerance; the recursion never increases differences, so the sum of
 * those tolerances bounds the error of V[0], and the gap compares the path found with that bound.
 *
 * Literature: R. Bellman, Dynamic Programming, 1957; R. T. Rockafellar, Convex Analysis, 1970, section 5 (infimal
 * convolution); B. Xu, M. Korpås and A. Botterud, "Operational valuation of energy storage under multi-stage price
 * uncertainties", 2020 (value functions of a storage's stock).
 */
export function solveDynamicProgram(
  problem: StockProblem,
  options: DynamicProgramOptions,
): DynamicProgramResult {
  const { values, error } = valueFunctions(problem, options);
  const stock = forwardPath(problem, values);
  const cost = pathCost(problem, stock);
  const lowerBound = values[0]!.value[0]! - error;
  return {
    stock,
    cost,
    gap: Math.max(0, cost - lowerBound),
    largestSize: values.reduce((largest, { at }) => Math.max(largest, at.length), 0),
  };
}

/** V[k] for k = 0..steps, and a bound of the error of V[0] due to simplification. */
function valueFunctions(problem: StockProblem, options: DynamicProgramOptions) {
  const { steps, stockMin, stockMax } = problem;
  const values = new Array<PiecewiseLinear>(steps + 1);
  const bellman = new BellmanStep();
  const points = new BreakpointList();
  let error = 0;
  let next: PiecewiseLinear = endOfWindow(stockMin[steps]!, stockMax[steps]!);
  values[steps] = next;
  for (let t = steps - 1; t >= 0; t--) {
    const from = idleStock(problem, t, stockMin[t]!);
    const to = idleStock(problem, t, stockMax[t]!);
    bellman.run(next, stepCost(problem, t), from, to, points);
    toStockAtStartOfStep(points, problem, t);
    const simplified = simplifyWithin(points, options);
    next = simplified.function;
    error += simplified.tolerance;
    values[t] = next;
  }
  return { values, error };
}

/** Converts stocks after losses and inflow of step t, where its power is chosen, to stocks at the start of the step. */
function toStockAtStartOfStep(points: BreakpointList, { retention, inflow }: StockProblem, t: number): void {
  if (retention[t] === 1 && inflow[t] === 0) return;
  for (let i = 0; i < points.size; i++) points.at[i] = (points.at[i]! - inflow[t]!) / retention[t]!;
}

/** The value function at the end of the window: stored energy is worth nothing. */
function endOfWindow(stockMin: number, stockMax: number): PiecewiseLinear {
  if (stockMax <= stockMin) return { at: Float64Array.of(stockMin), value: new Float64Array(1) };
  return { at: Float64Array.of(stockMin, stockMax), value: new Float64Array(2) };
}

function stepCost(problem: StockProblem, t: number): StepCost {
  const [from, to] = [problem.knotStarts[t]!, problem.knotStarts[t + 1]!];
  return { change: problem.knotChange.subarray(from, to), cost: problem.knotCost.subarray(from, to) };
}

/** Simplifies with the smallest tolerance that the limits allow. */
function simplifyWithin(points: BreakpointList, { maxBreakpoints, deadlineMs }: DynamicProgramOptions) {
  const maxSize =
    performance.now() > deadlineMs ? Math.min(maxBreakpoints, breakpointsAfterDeadline) : maxBreakpoints;
  let tolerance = finestTolerance;
  let simplified = simplify(points, tolerance);
  while (simplified.at.length > maxSize && simplified.at.length > 2) {
    tolerance *= 4;
    simplified = simplify(points, tolerance);
  }
  return { function: simplified, tolerance };
}

function forwardPath(problem: StockProblem, values: readonly PiecewiseLinear[]): Float64Array {
  const stock = new Float64Array(problem.steps + 1);
  for (let t = 0; t < problem.steps; t++) {
    stock[t + 1] = bestStock(idleStock(problem, t, stock[t]!), stepCost(problem, t), values[t + 1]!);
  }
  return stock;
}

/**
 * The stock after a step with the lowest cost of this and all later steps. It is at a knot of the step's cost or at a
 * breakpoint of the value function. Among equally cheap stocks, the one closest to an idle step.
 */
function bestStock(stock: number, step: StepCost, next: PiecewiseLinear): number {
  const { change, cost } = step;
  const { at, value } = next;
  const last = at.length - 1;
  const lowest = Math.max(at[0]!, stock + change[0]!);
  const highest = Math.max(lowest, Math.min(at[last]!, stock + change[change.length - 1]!));
  const search = new CheapestStock(stock);
  let segment = lastAtOrBelow(at, lowest);
  let knot = 0;
  let position = lowest;
  for (;;) {
    while (segment + 1 < at.length && at[segment + 1]! <= position) segment++;
    while (knot + 1 < change.length && stock + change[knot + 1]! <= position) knot++;
    const stepCostHere = interpolate(change, cost, knot, position - stock);
    search.add(position, stepCostHere + interpolate(at, value, segment, position));
    if (position >= highest) return search.best;
    const nextKnot = knot + 1 < change.length ? stock + change[knot + 1]! : Infinity;
    const nextBreak = segment + 1 < at.length ? at[segment + 1]! : Infinity;
    position = Math.min(nextKnot, nextBreak, highest);
  }
}

/** Keeps the cheapest of the stocks it is given. */
class CheapestStock {
  best: number;
  private lowest = Infinity;

  constructor(private readonly idle: number) {
    this.best = idle;
  }

  add(stock: number, cost: number): void {
    const difference = cost - this.lowest;
    const isCloser = Math.abs(stock - this.idle) < Math.abs(this.best - this.idle);
    if (difference < -1e-13 || (difference <= 1e-13 && isCloser)) {
      this.best = stock;
      this.lowest = Math.min(cost, this.lowest);
    }
  }
}

/** Value at x of the piece that starts at breakpoint i, or at the last breakpoint. */
function interpolate(at: Float64Array, value: Float64Array, i: number, x: number): number {
  if (i + 1 >= at.length) return value[i]!;
  return value[i]! + ((value[i + 1]! - value[i]!) * (x - at[i]!)) / (at[i + 1]! - at[i]!);
}

/** Index of the last element <= x, or 0 if there is none. */
function lastAtOrBelow(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
