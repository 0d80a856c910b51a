import { type Precedence, seriesOfEntries, type StepsEntry } from './entries-series';

/** A value that holds during an interval, or at an instant if the start is the end. Epoch ms. */
export interface ValueInterval {
  startMs: number;
  endMs: number;
  value: number;
}

export const isInstant = ({ startMs, endMs }: ValueInterval): boolean => startMs === endMs;

/** Steps of equal length. */
export interface StepWindow {
  startMs: number;
  stepMs: number;
  steps: number;
}

/**
 * One value per step: the lowest or highest value that holds within the step. An instant holds in the step that it
 * begins or lies in.
 *
 * @returns NaN for steps in which no value holds
 */
export function strictestInSteps(
  intervals: readonly ValueInterval[],
  { startMs, stepMs, steps }: StepWindow,
  precedence: Precedence,
): Float64Array {
  const entries = intervals.map((one): StepsEntry => {
    const from = Math.floor((one.startMs - startMs) / stepMs);
    return { from, to: Math.max(Math.ceil((one.endMs - startMs) / stepMs), from + 1), value: one.value };
  });
  return seriesOfEntries(entries, steps, precedence);
}

/**
 * The first and last step, counted from 1, at whose ends an interval of the stock holds; none if the last is below the
 * first. It holds at the end of every step that it touches, its own beginning and end included.
 */
function touchedEnds(
  interval: Pick<ValueInterval, 'startMs' | 'endMs'>,
  { startMs, stepMs, steps }: StepWindow,
): { first: number; last: number } {
  return {
    first: Math.max(1, Math.ceil((interval.startMs - startMs) / stepMs)),
    last: Math.min(steps, Math.ceil((interval.endMs - startMs) / stepMs)),
  };
}

/** One value of the stock per step, at its end: the lowest, highest or latest of the values that hold there, or NaN. */
export function valuesAtEnds(
  intervals: readonly ValueInterval[],
  window: StepWindow,
  precedence: Precedence,
): Float64Array {
  const entries = intervals.map((one): StepsEntry => {
    const { first, last } = touchedEnds(one, window);
    return { from: first - 1, to: last, value: one.value };
  });
  return seriesOfEntries(entries, window.steps, precedence);
}

/**
 * One value per step: the mean over the part of the step in which a value is known. Where intervals overlap, the latest
 * of the list holds. A step in which values hold at instants only has the mean of these.
 *
 * @returns NaN for steps in which no value holds
 */
export function meansInSteps(intervals: readonly ValueInterval[], window: StepWindow): Float64Array {
  const means = new WeightedMeans(window);
  for (const part of withoutOverlaps(intervals.filter((one) => !isInstant(one)))) {
    means.add(part);
  }
  const result = means.values();
  const instants = new WeightedMeans(window);
  for (const one of intervals.filter(isInstant)) instants.add({ ...one, endMs: one.startMs + 1 });
  const atInstants = instants.values();
  return result.map((mean, t) => (Number.isNaN(mean) ? atInstants[t]! : mean));
}

/** The same function of time as intervals that do not overlap, ascending: the latest of the list wins. */
function withoutOverlaps(intervals: readonly ValueInterval[]): ValueInterval[] {
  const ordered = intervals.every((one, i) => i === 0 || one.startMs >= intervals[i - 1]!.endMs);
  if (ordered) return [...intervals];
  const bounds = [...new Set(intervals.flatMap(({ startMs, endMs }) => [startMs, endMs]))].sort(
    (a, b) => a - b,
  );
  const indexOf = new Map(bounds.map((bound, i) => [bound, i]));
  const entries = intervals.map(({ startMs, endMs, value }): StepsEntry => {
    return { from: indexOf.get(startMs)!, to: indexOf.get(endMs)!, value };
  });
  const values = seriesOfEntries(entries, bounds.length - 1, 'latest');
  return Array.from(values, (value, i) => ({ startMs: bounds[i]!, endMs: bounds[i + 1]!, value })).filter(
    ({ value }) => !Number.isNaN(value),
  );
}

/** Sums up parts of steps with their values. */
class WeightedMeans {
  private readonly amounts: Float64Array;
  private readonly lengths: Float64Array;
  /** The only value of a step is taken as it is: multiplying and dividing it could change its last digit. */
  private readonly only: Float64Array;

  constructor(private readonly window: StepWindow) {
    this.amounts = new Float64Array(window.steps);
    this.lengths = new Float64Array(window.steps);
    this.only = new Float64Array(window.steps).fill(NaN);
  }

  add({ startMs, endMs, value }: ValueInterval): void {
    const { startMs: windowMs, stepMs, steps } = this.window;
    const last = Math.min(steps, Math.ceil((endMs - windowMs) / stepMs));
    for (let t = Math.max(0, Math.floor((startMs - windowMs) / stepMs)); t < last; t++) {
      const stepStartMs = windowMs + t * stepMs;
      const sharedMs = Math.min(endMs, stepStartMs + stepMs) - Math.max(startMs, stepStartMs);
      const isFirst = this.lengths[t] === 0;
      this.only[t] = isFirst || this.only[t] === value ? value : NaN;
      this.amounts[t]! += value * sharedMs;
      this.lengths[t]! += sharedMs;
    }
  }

  values(): Float64Array {
    return this.only.map((value, t) =>
      Number.isNaN(value) ? (this.lengths[t] === 0 ? NaN : this.amounts[t]! / this.lengths[t]!) : value,
    );
  }
}

/**
 * Carries known values on: a step without a value has the last value before it, and steps before the first value have
 * that one.
 *
 * @param values one per step, NaN if unknown; not modified
 * @param intervals that the values come from, ascending
 */
export function carriedOn(
  values: Float64Array,
  intervals: readonly ValueInterval[],
  { startMs, stepMs }: StepWindow,
): Float64Array {
  let next = 0;
  return values.map((value, t) => {
    while (next < intervals.length && intervals[next]!.startMs < startMs + (t + 1) * stepMs) next++;
    return Number.isNaN(value) ? (intervals[Math.max(0, next - 1)]?.value ?? NaN) : value;
  });
}

/**
 * Adds a value that holds wherever none is known. Values at instants are known nowhere else, so that only whole steps can be
 * filled: see `FlexReader`.
 *
 * @param intervals ascending
 */
export function withDefault(intervals: readonly ValueInterval[], value: number): ValueInterval[] {
  if (intervals.length > 0 && intervals.every(isInstant)) return [...intervals];
  const filled: ValueInterval[] = [];
  let knownToMs = -Infinity;
  for (const one of intervals) {
    if (one.startMs > knownToMs) filled.push({ startMs: knownToMs, endMs: one.startMs, value });
    filled.push(one);
    knownToMs = Math.max(knownToMs, one.endMs);
  }
  return [...filled, { startMs: knownToMs, endMs: Infinity, value }];
}

/** Adjoining intervals of one value as one interval. @param intervals ascending */
export function joined(intervals: readonly ValueInterval[]): ValueInterval[] {
  const result: ValueInterval[] = [];
  for (const one of intervals) {
    const last = result.at(-1);
    const isNext = last?.value === one.value && last.endMs === one.startMs && last.endMs > last.startMs;
    if (isNext) last.endMs = one.endMs;
    else result.push({ ...one });
  }
  return result;
}
