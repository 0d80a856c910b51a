import { BellmanStep, type StepCost } from './bellman-step';
import { BreakpointList, type PiecewiseLinear, simplify } from './piecewise-linear';
import { pathCost } from './path-cost';
import { idleStock, type StockProblem } from './stock-problem';

export interface DynamicProgramOptions {
  /** Value functions with more breakpoints are approximated more coarsely. */
  maxBreakpoints: number;
  /** Epoch of performance.now() after which value functions are approximated very coarsely, to come to an end. */
  deadlineMs: number;
}

export interface DynamicProgramResult {
  /** Stock units above the stock at start, after k steps; length steps + 1. */
  stock: Float64Array;
  /** Money units; by how much the path's cost may exceed the optimum: rounding noise, unless a limit struck. */
  gap: number;
  /** Size of the largest value function. */
  mostBreakpoints: number;
  /** Whether a limit made the approximation coarser than rounding noise. */
  approximated: boolean;
}

/** Money units by which simplifying one value function may change it. One step at full power costs at most 1. */
const finestTolerance = 1e-12;

/** Size of a value function after the deadline. */
const breakpointsAfterDeadline = 200;

/**
 * The cheapest path of the stock when the device does one thing at a time and the site either imports or exports:
 * exact for any sign and order of prices.
 *
 * Backward recursion (Bellman, 1957) over the cost-to-go V[t](s) as a piecewise linear function of the stock; the state
 * of a single storage is one number, so this needs no grid and no binary variables. Each step is an infimal convolution
 * (see BellmanStep). Every V[t] is simplified within a tolerance; as the recursion never enlarges differences, the sum
 * of those tolerances bounds the error of V[0], and the path found is compared with that bound.
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
  const lowerBound = values[0]!.value[0]! - error;
  return {
    stock,
    gap: Math.max(0, pathCost(problem, stock) - lowerBound),
    mostBreakpoints: values.reduce((most, { at }) => Math.max(most, at.length), 0),
    approximated: error > 2 * finestTolerance * problem.steps,
  };
}

/** V[k] for k = 0..steps, and the bound of the error that simplifying made in V[0]. */
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

/** The recursion decides when losses and inflow of the step have been counted; this turns back to the stock before. */
function toStockAtStartOfStep(points: BreakpointList, { retention, inflow }: StockProblem, t: number): void {
  if (retention[t] === 1 && inflow[t] === 0) return;
  for (let i = 0; i < points.size; i++) points.at[i] = (points.at[i]! - inflow[t]!) / retention[t]!;
}

/** Stored energy has no value after the window. */
function endOfWindow(stockMin: number, stockMax: number): PiecewiseLinear {
  if (stockMax <= stockMin) return { at: Float64Array.of(stockMin), value: new Float64Array(1) };
  return { at: Float64Array.of(stockMin, stockMax), value: new Float64Array(2) };
}

function stepCost(problem: StockProblem, t: number): StepCost {
  const [from, to] = [problem.knotStarts[t]!, problem.knotStarts[t + 1]!];
  return { change: problem.knotChange.subarray(from, to), cost: problem.knotCost.subarray(from, to) };
}

/** Simplifies as finely as the limits allow. */
function simplifyWithin(points: BreakpointList, { maxBreakpoints, deadlineMs }: DynamicProgramOptions) {
  const most =
    performance.now() > deadlineMs ? Math.min(maxBreakpoints, breakpointsAfterDeadline) : maxBreakpoints;
  let tolerance = finestTolerance;
  let simplified = simplify(points, tolerance);
  while (simplified.at.length > most && simplified.at.length > 2) {
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
 * The stock after a step that is cheapest in the step and from there on: at a knot of the step's cost or a breakpoint
 * of the value function. Of equally cheap ones, the one that moves least.
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
    search.offer(position, stepCostHere + interpolate(at, value, segment, position));
    if (position >= highest) return search.best;
    const nextKnot = knot + 1 < change.length ? stock + change[knot + 1]! : Infinity;
    const nextBreak = segment + 1 < at.length ? at[segment + 1]! : Infinity;
    position = Math.min(nextKnot, nextBreak, highest);
  }
}

/** Keeps the cheapest stock offered. */
class CheapestStock {
  best: number;
  private lowest = Infinity;

  constructor(private readonly idle: number) {
    this.best = idle;
  }

  offer(stock: number, cost: number): void {
    const difference = cost - this.lowest;
    const movesLess = Math.abs(stock - this.idle) < Math.abs(this.best - this.idle);
    if (difference < -1e-13 || (difference <= 1e-13 && movesLess)) {
      this.best = stock;
      this.lowest = Math.min(cost, this.lowest);
    }
  }
}

/** Value at x of the piece that starts at breakpoint i (or of the last breakpoint). */
function interpolate(at: Float64Array, value: Float64Array, i: number, x: number): number {
  if (i + 1 >= at.length) return value[i]!;
  return value[i]! + ((value[i + 1]! - value[i]!) * (x - at[i]!)) / (at[i + 1]! - at[i]!);
}

/** Index of the last element at or below x, at least 0; `sorted` ascends. */
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
