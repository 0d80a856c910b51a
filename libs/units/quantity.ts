import { shown } from '#lib/errors';
import { leadingExpression } from './arithmetic';
import { ConversionOptions, converter } from './convert';
import { leadingDecimal, MAX_NUMBER_LENGTH } from './decimal';
import { MAX_UNIT_LENGTH, parseUnit } from './parse-unit';
import { UnitError } from './unit-error';

export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** Maximum length of a quantity: a number and its unit. */
export const MAX_QUANTITY_LENGTH = MAX_NUMBER_LENGTH + MAX_UNIT_LENGTH;

/**
 * Reads a number with its unit, such as `50 kW`, `225kWh`, `50%` or `-0.5`. Without a unit, the default unit is used,
 * which is dimensionless by default. An expression in brackets can stand for the number: `(30/2 - 1) kW`.
 *
 * @throws UnitError INVALID_QUANTITY, INVALID_UNIT
 */
export function parseQuantity(text: string, defaultUnit = ''): Quantity {
  if (text.length > MAX_QUANTITY_LENGTH)
    throw invalid(text, `A quantity has at most ${MAX_QUANTITY_LENGTH} characters.`);
  const trimmed = text.trim();
  const { value, end } = leadingExpression(trimmed) ?? leadingNumber(trimmed);
  if (!Number.isFinite(value)) throw invalid(text, 'Give a number and its unit, such as "50 kW".');
  const rest = trimmed.slice(end).trim();
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

/** The number at the start of a text, NaN without one, and the index after it. */
function leadingNumber(text: string): { value: number; end: number } {
  const number = leadingDecimal(text);
  return { value: number === '' ? NaN : Number(number), end: number.length };
}

const invalid = (text: string, advice: string): UnitError =>
  new UnitError('INVALID_QUANTITY', `"${shown(text)}" is not a quantity. ${advice}`);
