const decimalPattern = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** Exponents beyond this are no physical quantity and would make huge integers. */
const MAX_DECIMAL_EXPONENT = 400;

/** An exact fraction in lowest terms with a positive denominator. */
export class Rational {
  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** @throws RangeError when the denominator is zero */
  static of(numerator: bigint, denominator = 1n): Rational {
    if (denominator === 0n) throw new RangeError('Division by zero');
    const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
    return new Rational(numerator / divisor, denominator / divisor);
  }

  /** The decimal number (`0.0254`, `1e-3`) or fraction of integers (`5/9`) that a text writes, without rounding. */
  static parse(text: string): Rational | undefined {
    const fraction = /^(\d+)\/(\d+)$/.exec(text);
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
    return Rational.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  over(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  /** To an integer power. */
  power(exponent: number): Rational {
    const size = BigInt(Math.abs(exponent));
    const raised = Rational.of(this.numerator ** size, this.denominator ** size);
    return exponent < 0 ? ONE.over(raised) : raised;
  }

  equals(other: Rational): boolean {
    return this.numerator === other.numerator && this.denominator === other.denominator;
  }

  /** The nearest float, give or take a rounding of each side of the fraction. */
  toNumber(): number {
    return Number(this.numerator) / Number(this.denominator);
  }
}

export const ZERO = Rational.of(0n);
export const ONE = Rational.of(1n);

/** The smallest positive integer that turns both fractions into integers when multiplied. */
export function leastCommonDenominator(a: Rational, b: Rational): Rational {
  const divisor = greatestCommonDivisor(a.denominator, b.denominator);
  return Rational.of((a.denominator / divisor) * b.denominator);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
