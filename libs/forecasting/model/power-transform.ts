/** Maps values to a scale on which large ones weigh less, and back. */
export interface Transform {
  name: 'identity' | 'box-cox';
  forward: (value: number) => number;
  backward: (value: number) => number;
}

export const IDENTITY: Transform = { name: 'identity', forward: (x) => x, backward: (x) => x };

const LAMBDA = 0.25;
const SHIFT = 0.1;

/**
 * Box-Cox transform ((x/s + 0.1)^λ - 1) / λ with λ = 1/4, for series with one sign, many zeros and a long tail
 * (Box and Cox, "An analysis of transformations", 1964). The shift lets zero through.
 * @param scale s, what a usual value amounts to; negative for series below zero
 */
export const boxCox = (scale: number): Transform => ({
  name: 'box-cox',
  forward: (value) => (Math.pow(Math.max(0, value / scale) + SHIFT, LAMBDA) - 1) / LAMBDA,
  backward: (value) => (Math.pow(Math.max(0, LAMBDA * value + 1), 1 / LAMBDA) - SHIFT) * scale,
});

/** -1 or 1 when no value has the other sign, else 0. Zero for a series of zeros. */
export function signOf(values: Float64Array): -1 | 0 | 1 {
  let [positive, negative] = [false, false];
  for (const value of values) {
    if (value > 0) positive = true;
    else if (value < 0) negative = true;
  }
  if (positive === negative) return 0;
  return positive ? 1 : -1;
}
