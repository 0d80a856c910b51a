/** Accuracy of forecasts. */
export interface Accuracy {
  /** Number of compared pairs of forecast and value. */
  count: number;
  /** Mean absolute error, in the unit of the values. */
  mae: number;
  /** Root mean squared error, in the unit of the values. */
  rmse: number;
  /** Sum of absolute errors divided by the sum of absolute values; NaN if all values are 0. */
  wape: number;
}

/** Compares forecasts with values, step by step. Steps with a NaN do not count. NaN if no step counts. */
export function computeAccuracy(forecasts: Float64Array, values: Float64Array): Accuracy {
  let [count, absolute, squared, volume] = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const error = forecasts[i]! - values[i]!;
    if (Number.isNaN(error)) continue;
    count++;
    absolute += Math.abs(error);
    squared += error * error;
    volume += Math.abs(values[i]!);
  }
  return {
    count,
    mae: count > 0 ? absolute / count : NaN,
    rmse: count > 0 ? Math.sqrt(squared / count) : NaN,
    wape: volume > 0 ? absolute / volume : NaN,
  };
}
