/** Forecasts of steps; NaN where there are none. */
export interface CustomForecasts {
  values: Float64Array;
  /** One array per quantile asked for; those that were not given are NaN. */
  quantiles: Float64Array[];
}

const FIELDS: Record<string, string> = { 0.1: 'low', 0.5: 'median', 0.9: 'high' };

/**
 * Reads what a forecaster of somebody's own gave: one number, or one { low, median, high }, per step.
 * @throws RangeError for anything else
 */
export function readCustomForecasts(
  given: unknown,
  steps: number,
  quantiles: readonly number[],
): CustomForecasts {
  const { length } = Object(given) as { length?: unknown };
  if (length !== steps) {
    throw new RangeError(`it gave ${typeof length === 'number' ? length : 'no'} forecasts, not ${steps}.`);
  }
  const items = Array.from(given as ArrayLike<unknown>);
  const read = (field: string): Float64Array =>
    Float64Array.from(items, (item, step) => {
      const isObject = typeof item === 'object' && item !== null;
      const value: unknown = isObject ? (item as Record<string, unknown>)[field] : item;
      if (typeof value !== 'number' || Math.abs(value) === Infinity) {
        throw new RangeError(`its forecast of step ${step} is no number.`);
      }
      return !isObject && field !== 'median' ? NaN : value;
    });
  const values = read('median');
  const outer = quantiles.map((quantile) => (quantile === 0.5 ? values : read(FIELDS[quantile] ?? '')));
  for (let step = 0; step < steps; step++) {
    const known = outer.map((one) => one[step]!).filter((value) => !Number.isNaN(value));
    if (known.some((value, i) => i > 0 && value < known[i - 1]!)) {
      throw new RangeError(`its forecast of step ${step} is not ordered: low, median, high.`);
    }
  }
  return { values, quantiles: outer };
}
