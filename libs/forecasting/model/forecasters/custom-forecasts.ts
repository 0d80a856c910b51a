/** Forecasts of a custom forecaster, one per step; NaN without a forecast. */
export interface CustomForecasts {
  values: Float64Array;
  /** One array per quantile; NaN if the forecaster did not return it. */
  quantiles: Float64Array[];
}

const FIELDS: Record<string, string> = { 0.1: 'low', 0.5: 'median', 0.9: 'high' };

/**
 * Reads the result of a custom forecaster: per step one number or one { low, median, high }.
 * @throws RangeError for any other result
 */
export function readCustomForecasts(
  given: unknown,
  steps: number,
  quantiles: readonly number[],
): CustomForecasts {
  const { length } = Object(given) as { length?: unknown };
  if (length !== steps) {
    throw new RangeError(
      typeof length === 'number'
        ? `it returned ${length} forecasts; ${steps} ${steps === 1 ? 'is' : 'are'} needed.`
        : `it returned no list of forecasts; ${steps} forecast${steps === 1 ? ' is' : 's are'} needed.`,
    );
  }
  const items = Array.from(given as ArrayLike<unknown>);
  const read = (field: string): Float64Array =>
    Float64Array.from(items, (item, step) => {
      const isObject = typeof item === 'object' && item !== null;
      const value: unknown = isObject ? (item as Record<string, unknown>)[field] : item;
      if (typeof value !== 'number' || Math.abs(value) === Infinity) {
        throw new RangeError(`its forecast of step ${step} is not a number.`);
      }
      return !isObject && field !== 'median' ? NaN : value;
    });
  const values = read('median');
  const outer = quantiles.map((quantile) => (quantile === 0.5 ? values : read(FIELDS[quantile] ?? '')));
  for (let step = 0; step < steps; step++) {
    const known = outer.map((one) => one[step]!).filter((value) => !Number.isNaN(value));
    if (known.some((value, i) => i > 0 && value < known[i - 1]!)) {
      throw new RangeError(`its forecast of step ${step} must satisfy low <= median <= high.`);
    }
  }
  return { values, quantiles: outer };
}
