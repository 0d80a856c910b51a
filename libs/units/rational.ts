import { MAX_NUMBER_LENGTH } from './decimal';

const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const fractionPattern = /^(\d+)\/(\d+)$/;

/** Larger exponents are not physical and would create huge integers. */
const MAX_DECIMAL_EXPONENT = 400;

/** An exact fraction in lowest terms with a positive denominator. */
export class Rational {
  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** @throws RangeError if the denominator is zero */
  static of(numerator: bigint, denominator = 1n): Rational {
    if (denominator === 0n) throw new RangeError('Division by zero');
    const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
    return new Rational(numerator / divisor, denominator / divisor);
  }

  /** Parses a decimal number (`0.0254`, `1e-3`) or a fraction (`5/9`) without rounding. */
  static parse(text: string): Rational | undefined {
    if (text.length > MAX_NUMBER_LENGTH) return undefined;
    const fraction = fractionPattern.exec(text);
    if (fraction) return Rational.of(BigInt(fraction[1]!), BigInt(fraction[2]!));
    const match = decimalPattern.exec(text);
    if (match === null) return undefined;
    const [, sign, whole = '', decimals = '', exponent = '0'] = match;
    const shift = Number(exponent) - decimals.length;
    if (whole + decimals === '' || Math.abs(shift) > MAX_DECIMAL_EXPONENT) return undefined;
    const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${decimals}`);
    return shift < 0
      ? Rational.of(digits, 10n ** BigInt(-shift))
      : Rational.of(digits * 10n ** BigInt(shift));
  }

  plus(other: Rational): Rational {
    const { numerator: a, denominator: b } = this;
    return Rational.of(a * other.denominator + other.numerator * b, b * other.denominator);
  }

  minus(other: Rational): Rational {
    return this.plus(Rational.of(-other.numerator, other.denominator));
  }

  times(other: Rational): Rational {
    if (this.isOne) return other;
    if (other.isOne) return this;
    return Rational.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  over(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  /** Raises to an integer power. */
  power(exponent: number): Rational {
    const size = BigInt(Math.abs(exponent));
    // Powers of a fraction in lowest terms are in lowest terms.
    const raised = new Rational(this.numerator ** size, this.denominator ** size);
    return exponent < 0 ? ONE.over(raised) : raised;
  }

  private get isOne(): boolean {
    return this.numerator === 1n && this.denominator === 1n;
  }

  equals(other: Rational): boolean {
    return this.numerator === other.numerator && this.denominator === other.denominator;
  }

  /** Whether the absolute numerator and the denominator are at most `size`. */
  isWithin(size: bigint): boolean {
    return this.numerator <= size && this.numerator >= -size && this.denominator <= size;
  }

  /** The nearest double, up to the rounding of numerator and denominator. */
  toNumber(): number {
    return Number(this.numerator) / Number(this.denominator);
  }
}

export const ZERO = Rational.of(0n);
export const ONE = Rational.of(1n);

/** The least common denominator of two fractions. */
export function leastCommonDenominator(a: Rational, b: Rational): Rational {
  const divisor = greatestCommonDivisor(a.denominator, b.denominator);
  return Rational.of((a.denominator / divisor) * b.denominator);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
