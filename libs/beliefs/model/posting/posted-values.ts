import { DomainError } from '#lib/errors';
import { parseDecimal } from '#lib/units';

/**
 * Reads the `value` or `values` of a message: one number or a list of them, null where a value is unknown. Numbers may
 * come as text.
 *
 * @returns NaN for null
 * @throws DomainError INVALID_VALUES
 */
export function readPostedValues(input: unknown): Float64Array {
  const list: unknown[] = Array.isArray(input) ? input : [input];
  const values = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    const number = typeof value === 'string' ? parseDecimal(value.trim()) : (value ?? NaN);
    if (typeof number !== 'number' || (value !== null && !Number.isFinite(number))) {
      const field = Array.isArray(input) ? `values.${i}` : 'values';
      throw new DomainError('INVALID_VALUES', 'Not a valid number.', field);
    }
    values[i] = number;
  }
  return values;
}
