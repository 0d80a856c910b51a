/** A scale for values, told by data alone so that models can be kept and sent. */
export type Transform = { name: 'identity' } | { name: 'box-cox'; scale: number };

export const IDENTITY: Transform = { name: 'identity' };

const LAMBDA = 0.25;
const SHIFT = 0.1;

/**
 * Brings a value to the scale of a transform.
 * `box-cox` is the transform ((x/s + 0.1)^λ - 1) / λ with λ = 1/4 for series with one sign, many zeros and a long tail
 * (Box and Cox, "An analysis of transformations", 1964). The shift lets zero through; s is what a usual value amounts
 * to, negative for series below zero.
 */
export function toScale(transform: Transform, value: number): number {
  if (transform.name === 'identity') return value;
  return (Math.pow(Math.max(0, value / transform.scale) + SHIFT, LAMBDA) - 1) / LAMBDA;
}

/** The value that `toScale` brings there. */
export function fromScale(transform: Transform, scaled: number): number {
  if (transform.name === 'identity') return scaled;
  return (Math.pow(Math.max(0, LAMBDA * scaled + 1), 1 / LAMBDA) - SHIFT) * transform.scale;
}

/** -1 or 1 when no value has the other sign, else 0; 0 also for a series of zeros. */
export function signOf(values: Float64Array): -1 | 0 | 1 {
  let [positive, negative] = [false, false];
  for (const value of values) {
    if (value > 0) positive = true;
    else if (value < 0) negative = true;
  }
  if (positive === negative) return 0;
  return positive ? 1 : -1;
}
