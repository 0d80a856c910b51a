import FractionJs from 'fraction.js';
import { MAX_NUMBER_LENGTH } from './decimal';

const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const fractionPattern = /^(\d+)\/(\d+)$/;

/** Exponents beyond this are no physical quantity and would make huge integers. */
const MAX_DECIMAL_EXPONENT = 400;

/** An exact fraction in lowest terms: `s * n / d`. */
export type Fraction = InstanceType<typeof FractionJs>;
export const Fraction = FractionJs;

export const ZERO = new Fraction(0);
export const ONE = new Fraction(1);

/**
 * Reads a decimal number (`0.0254`, `1e-3`) or a fraction of integers (`5/9`) without rounding. Fraction itself reads no
 * exponents.
 *
 * @throws Error if the denominator is zero
 */
export function parseFraction(text: string): Fraction | undefined {
  if (text.length > MAX_NUMBER_LENGTH) return undefined;
  const fraction = fractionPattern.exec(text);
  if (fraction) return new Fraction(BigInt(fraction[1]!), BigInt(fraction[2]!));
  const match = decimalPattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', decimals = '', exponent = '0'] = match;
  const shift = Number(exponent) - decimals.length;
  if (whole + decimals === '' || Math.abs(shift) > MAX_DECIMAL_EXPONENT) return undefined;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${decimals}`);
  return shift < 0
    ? new Fraction(digits, 10n ** BigInt(-shift))
    : new Fraction(digits * 10n ** BigInt(shift));
}

/**
 * Whether the power of a fraction, and its inverse, is at most `size` without its sign. Unlike the power itself, which is
 * reduced to lowest terms, this takes microseconds for any size.
 */
export function isPowerWithin({ n, d }: Fraction, exponent: number, size: bigint): boolean {
  const count = BigInt(Math.abs(exponent));
  return n ** count <= size && d ** count <= size;
}
