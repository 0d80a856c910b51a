import { ConversionOptions, converter } from './convert';
import { parseUnit } from './parse-unit';
import { UnitError } from './unit-error';

export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

const quantityPattern = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$/;

/**
 * Reads a number with its unit, such as `50 kW`, `225kWh`, `50%` or `-0.5`. Without a unit it takes the default one,
 * which is dimensionless unless given.
 *
 * @throws UnitError INVALID_QUANTITY, INVALID_UNIT
 */
export function parseQuantity(text: string, defaultUnit = ''): Quantity {
  const [, number, rest] = quantityPattern.exec(text) ?? [];
  const value = Number(number);
  if (rest === undefined || !Number.isFinite(value)) {
    const advice = 'Give a number and its unit, such as "50 kW".';
    throw new UnitError('INVALID_QUANTITY', `"${text}" is not a quantity. ${advice}`);
  }
  const unit = rest === '' ? defaultUnit : rest.startsWith('/') ? `1${rest}` : rest;
  parseUnit(unit);
  return { value, unit };
}

/**
 * The value of a quantity in another unit: `quantityTo('50%', 'MW', { capacity: '2 MW' })` is 1. See converter for the
 * options and errors.
 */
export function quantityTo(
  text: string,
  targetUnit: string,
  options: ConversionOptions & { defaultUnit?: string } = {},
): number {
  const { value, unit } = parseQuantity(text, options.defaultUnit);
  return converter(unit, targetUnit, options)(value);
}
