import { DomainError } from '#lib/errors';

/**
 * Reads the `value` or `values` of a message: one number or a list of them, null where a value is unknown. Numbers may
 * come as text.
 *
 * @returns NaN for null
 * @throws DomainError INVALID_VALUES
 */
export function readPostedValues(input: unknown): Float64Array {
  const list: unknown[] = Array.isArray(input) ? input : [input];
  return Float64Array.from(list, (value, i) => {
    if (value === null) return NaN;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw new DomainError(
      'INVALID_VALUES',
      'Not a valid number.',
      Array.isArray(input) ? `values.${i}` : 'values',
    );
  });
}
