/** How far forecasts were from what came. */
export interface Accuracy {
  /** How many pairs of forecast and value were compared. */
  count: number;
  /** Mean absolute error, in the unit of the values. */
  mae: number;
  /** Root of the mean squared error, in the unit of the values. */
  rmse: number;
  /** Sum of absolute errors by sum of absolute values; NaN when all values are 0. */
  wape: number;
}

/** Compares forecasts with values, step by step; steps where either is NaN do not count. NaN when none is left. */
export function accuracyOf(forecasts: Float64Array, values: Float64Array): Accuracy {
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
