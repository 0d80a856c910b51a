import { type Fraction, ZERO } from './fraction';

/** A unit in base units: baseValue = value * factor + offset. */
export interface ParsedUnit {
  readonly factor: Fraction;
  /** Zero except for temperatures. */
  readonly offset: Fraction;
  /** Exponents of the base quantities; missing ones are zero. */
  readonly dimension: readonly number[];
  /** Whether it is a number without a unit symbol. */
  readonly isNumber: boolean;
}

/** The unit raised to an integer power. The offset is dropped, as in W/°C. */
export function raise(unit: ParsedUnit, power: number): ParsedUnit {
  if (power === 1) return unit;
  const dimension = unit.dimension.map((exponent) => exponent * power);
  return { factor: unit.factor.pow(power), offset: ZERO, dimension, isNumber: unit.isNumber };
}

/** The product of two units. An offset is kept only if the other factor is a number. */
export function multiply(a: ParsedUnit, b: ParsedUnit): ParsedUnit {
  const offset = a.isNumber ? b.offset : b.isNumber ? a.offset : ZERO;
  const [long, short] = a.dimension.length >= b.dimension.length ? [a, b] : [b, a];
  const dimension = long.dimension.map((exponent, i) => exponent + (short.dimension[i] ?? 0));
  return { factor: a.factor.mul(b.factor), offset, dimension, isNumber: a.isNumber && b.isNumber };
}

/** The quotient of two units. */
export function divide(a: ParsedUnit, b: ParsedUnit): ParsedUnit {
  return multiply(a, raise(b, -1));
}

/** Whether two units have the same dimension, so that one can be converted to the other. */
export function hasSameDimension(a: ParsedUnit, b: ParsedUnit): boolean {
  return isDimensionless(divide(a, b));
}

/** Whether two units are identical. */
export function isSameUnit(a: ParsedUnit, b: ParsedUnit): boolean {
  return a.factor.equals(b.factor) && a.offset.equals(b.offset) && hasSameDimension(a, b);
}

export function isDimensionless(unit: ParsedUnit): boolean {
  return unit.dimension.every((exponent) => exponent === 0);
}

/** A number as a unit. */
export function numberUnit(factor: Fraction): ParsedUnit {
  return { factor, offset: ZERO, dimension: [], isNumber: true };
}
