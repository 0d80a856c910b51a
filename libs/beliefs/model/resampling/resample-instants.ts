/**
 * How values at regular instants follow from those of an instantaneous sensor:
 * - `asfreq` takes the value at exactly that instant;
 * - `interpolate`, `ffill`, `bfill` and `nearest` fill in from the known values before and after it;
 * - the others aggregate the values of the period from the instant to the next one.
 */
export type InstantMethod =
  | 'asfreq'
  | 'interpolate'
  | 'ffill'
  | 'bfill'
  | 'nearest'
  | 'first'
  | 'last'
  | 'min'
  | 'max'
  | 'mean'
  | 'median'
  | 'sum'
  | 'count';

const PERIOD_METHODS: Partial<Record<InstantMethod, (values: Float64Array) => number>> = {
  first: (values) => values[0]!,
  last: (values) => values[values.length - 1]!,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  mean: (values) => sum(values) / values.length,
  median: (values) => middle(values.slice().sort()),
  sum,
  count: (values) => values.length,
};

/**
 * Values at the instants `steps`.
 *
 * @param times epoch ms at which values are known, ascending
 * @param values aligned with times; NaN counts as unknown
 * @param steps epoch ms, ascending
 * @param stepMs nominal distance of the steps. A period lasts that long, or until the next step if the clocks make the
 *   distance longer; if they make it shorter, periods overlap
 * @returns one value per step, NaN where nothing is known
 */
export function resampleInstants(
  times: Float64Array,
  values: Float64Array,
  steps: Float64Array,
  stepMs: number,
  method: InstantMethod = 'asfreq',
): Float64Array {
  const known = {
    times: times.filter((_, i) => !Number.isNaN(values[i])),
    values: values.filter((v) => !Number.isNaN(v)),
  };
  const summary = PERIOD_METHODS[method];
  return steps.map((step, i) => {
    const at = firstAtOrAfter(known.times, step);
    if (!summary) return valueAt(known, step, at, method);
    const end = Math.max(step + stepMs, steps[i + 1] ?? 0);
    const inside = known.values.subarray(at, firstAtOrAfter(known.times, end));
    return inside.length > 0 ? summary(inside) : NaN;
  });
}

interface Known {
  times: Float64Array;
  values: Float64Array;
}

/** @param at position of the first known value at or after the step */
function valueAt({ times, values }: Known, step: number, at: number, method: InstantMethod): number {
  if (times[at] === step) return values[at]!;
  const before = at > 0 ? values[at - 1]! : NaN;
  const after = values[at] ?? NaN;
  switch (method) {
    case 'interpolate': {
      const passed = (step - times[at - 1]!) / (times[at]! - times[at - 1]!);
      return before + (after - before) * passed;
    }
    case 'ffill':
      return before;
    case 'bfill':
      return after;
    case 'nearest': {
      if (at === 0 || at === times.length) return at === 0 ? after : before;
      return step - times[at - 1]! < times[at]! - step ? before : after;
    }
    default:
      return NaN;
  }
}

function firstAtOrAfter(times: Float64Array, moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const between = (low + high) >>> 1;
    if (times[between]! < moment) low = between + 1;
    else high = between;
  }
  return low;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
