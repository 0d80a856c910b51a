import { errorMessage, shown } from '#lib/errors';
import { parseQuantity, quantityTo } from '#lib/units';
import type { Range } from '../fields';
import { flexError } from '../flex-error';

/** How the text of a quantity is converted to a number. */
export interface QuantityOptions {
  /** Unit of quantities without one. Without this, they are refused. */
  defaultUnit?: string;
  /** What 100 % is, such as `2 MWh`; null if it is not known yet, so that shares of it are NaN. */
  capacity?: string | null;
}

/** What defines 100 %, by the unit of the result. */
const CAPACITY_NEEDED: Record<string, string> = {
  MWh: 'the attribute max_soc_in_mwh',
  MW: 'a power capacity',
};

const MEASURED: Record<string, string> = { MWh: ' of energy', MW: ' of power' };

/**
 * Converts the text of a quantity, such as `50 kW`, to a number in a unit.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function toNumber(text: string, field: string, unit: string, options: QuantityOptions = {}): number {
  const needed = CAPACITY_NEEDED[unit];
  if (needed && text.includes('%') && options.capacity === undefined) {
    throw flexError(field, `${shown(text)} needs ${needed}, which defines 100%.`);
  }
  try {
    if (options.defaultUnit === undefined && unit !== '' && parseQuantity(text).unit === '') {
      throw new Error(`${shown(text)} needs a unit, such as ${unit}.`);
    }
    const isOfUnknown = options.capacity === null && needed !== undefined && text.includes('%');
    const value = quantityTo(text, isOfUnknown ? '%' : unit, {
      ...options,
      capacity: options.capacity ?? undefined,
    });
    return isOfUnknown ? NaN : value;
  } catch (error) {
    const reason = errorMessage(error);
    throw flexError(field, `Not a valid number or quantity${MEASURED[unit] ?? ''}: ${reason}`);
  }
}

/** Share of a number within which two numbers count as equal: rounding errors of other programs. */
export const NOISE = 1e-9;

/** Whether a number is above another one by more than rounding errors. */
export const isAbove = (value: number, limit: number): boolean =>
  value - limit > NOISE * Math.max(Math.abs(value), Math.abs(limit));

/** MWh, MW or shares; amounts below 0 that are this small are rounding errors of a zero. */
const SMALLEST = 1e-12;

const LIMITS: [keyof Range, string, (value: number, limit: number) => boolean][] = [
  [
    'minimum',
    'greater than or equal to',
    (value, limit) => isAbove(limit, value) && value < limit - SMALLEST,
  ],
  ['exclusiveMinimum', 'greater than', (value, limit) => value <= limit],
  ['maximum', 'less than or equal to', isAbove],
  ['exclusiveMaximum', 'less than', (value, limit) => value >= limit],
];

/**
 * Numbers in a range; those that are outside by rounding errors only are moved to its limit. NaN, an unknown value, is
 * in every range.
 * @param range no limits if undefined
 * @throws DomainError FLEX_MODEL_INVALID naming the field and all of its limits
 */
export function toRange(values: Float64Array, field: string, range: Range = {}): Float64Array {
  const limits = LIMITS.filter(([name]) => range[name] !== undefined);
  for (const value of values) {
    if (!limits.some(([name, , isOutside]) => isOutside(value, range[name]!))) continue;
    const described = limits.map(([name, text]) => `${text} ${range[name]!}`).join(' and ');
    throw flexError(field, `Must be ${described}.`);
  }
  const { minimum = -Infinity, maximum = Infinity } = range;
  return limits.length === 0 ? values : values.map((value) => Math.max(minimum, Math.min(value, maximum)));
}
