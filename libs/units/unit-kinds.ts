import { parseUnit } from './parse-unit';
import { hasSameDimension, isDimensionless, ParsedUnit, raise } from './parsed-unit';
import { UnitError } from './unit-error';
import { isCurrencyIndex } from './unit-table';

/** Whether the unit is valid. The empty unit is valid: it is dimensionless. */
export function isValidUnit(unit: string): boolean {
  return findUnit(unit) !== undefined;
}

/** @throws UnitError INVALID_UNIT */
export function assertValidUnit(unit: string): void {
  parseUnit(unit);
}

/** Whether both are units of the same dimension, such as `h` and `hour`, or `kWh` and `J`. */
export function sameDimension(a: string, b: string): boolean {
  const [first, second] = [findUnit(a), findUnit(b)];
  return first !== undefined && second !== undefined && hasSameDimension(first, second);
}

export function isPowerUnit(unit: string): boolean {
  return sameDimension(unit, 'W');
}

export function isEnergyUnit(unit: string): boolean {
  return sameDimension(unit, 'Wh');
}

/** Whether the unit is an amount of one currency, such as `EUR` or `kEUR`. */
export function isCurrency(unit: string): boolean {
  const parsed = findUnit(unit);
  const currency = parsed && withoutCurrency(parsed);
  return currency !== undefined && isDimensionless(currency);
}

/** Whether the unit is currency per energy, such as `EUR/MWh`. */
export function isEnergyPriceUnit(unit: string): boolean {
  const parsed = findUnit(unit);
  const rest = parsed && withoutCurrency(parsed);
  return rest !== undefined && hasSameDimension(raise(rest, -1), parseUnit('Wh'));
}

/** Whether the unit is an amount of one currency per something else, such as `EUR/MWh`, `EUR/kW` or `EUR/t`. */
export function isPriceUnit(unit: string): boolean {
  // The dimension is not sufficient: EUR·MWh would also be a price.
  if (!/^\s*(?:[A-Za-z]+|[€£])\s*\//.test(unit)) return false;
  const parsed = findUnit(unit);
  const rest = parsed && withoutCurrency(parsed);
  return rest !== undefined && !isDimensionless(rest);
}

/** The parsed unit; undefined if it is not valid. */
export function findUnit(unit: string): ParsedUnit | undefined {
  try {
    return parseUnit(unit);
  } catch (error) {
    if (error instanceof UnitError) return undefined;
    throw error;
  }
}

/** The unit without its currency; undefined unless it contains exactly one currency with the exponent 1. */
function withoutCurrency(unit: ParsedUnit): ParsedUnit | undefined {
  const counted = unit.dimension.flatMap((exponent, i) => (isCurrencyIndex(i) && exponent !== 0 ? [i] : []));
  const index = counted[0];
  if (counted.length !== 1 || index === undefined || unit.dimension[index] !== 1) return undefined;
  return { ...unit, dimension: unit.dimension.map((exponent, i) => (i === index ? 0 : exponent)) };
}
