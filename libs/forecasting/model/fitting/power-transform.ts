/** A transform of values. It is plain data, so that models can be cached and sent to threads. */
export type Transform = { name: 'identity' } | { name: 'box-cox'; scale: number };

export const IDENTITY: Transform = { name: 'identity' };

const LAMBDA = 0.25;
const SHIFT = 0.1;

/**
 * Applies a transform.
 * `box-cox` is the transform ((x/s + 0.1)^λ - 1) / λ with λ = 1/4 for series with one sign, many zeros and a long tail
 * (Box and Cox, "An analysis of transformations", 1964). The shift allows zeros; s is the mean of the series, which is
 * negative for series below zero.
 */
export function toScale(transform: Transform, value: number): number {
  if (transform.name === 'identity') return value;
  return (Math.pow(Math.max(0, value / transform.scale) + SHIFT, LAMBDA) - 1) / LAMBDA;
}

/** Applies the inverse of `toScale`. */
export function fromScale(transform: Transform, scaled: number): number {
  if (transform.name === 'identity') return scaled;
  return (Math.pow(Math.max(0, LAMBDA * scaled + 1), 1 / LAMBDA) - SHIFT) * transform.scale;
}

/** The sign of the series: 1 or -1 if no value has the other sign, else 0. Also 0 for a series of zeros. */
export function findSign(values: Float64Array): -1 | 0 | 1 {
  let [positive, negative] = [false, false];
  for (const value of values) {
    if (value > 0) positive = true;
    else if (value < 0) negative = true;
  }
  if (positive === negative) return 0;
  return positive ? 1 : -1;
}
