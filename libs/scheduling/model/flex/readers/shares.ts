import { strictestInSteps, type StepWindow } from '../values/intervals';
import type { QuantityEntry, VariableQuantity } from '../values/variable-quantity';
import { toNumber } from './quantity-number';

/**
 * The values of a quantity that are shares (`50%`) of a series: one per step, the lowest that holds within the step.
 *
 * @param path of the quantity, for errors
 * @param whole what 100 % is in each step, NaN if unknown
 * @returns in the unit of the whole; NaN in steps without a share or without a whole
 * @throws DomainError FLEX_MODEL_INVALID
 */
export function sharesInSteps(
  quantity: VariableQuantity,
  path: string,
  window: StepWindow,
  whole: Float64Array,
): Float64Array {
  const shares = entriesOf(quantity, path)
    .filter(({ text }) => text.includes('%'))
    .map(({ text, field, ...times }) => ({ ...times, value: toNumber(text, field, '') }));
  return strictestInSteps(shares, window, 'lowest').map((share, t) => share * whole[t]!);
}

/** The texts of a quantity with their paths, and when they hold. A sensor has none. */
function entriesOf(quantity: VariableQuantity, path: string): (QuantityEntry & { field: string })[] {
  if (quantity.kind === 'fixed')
    return [{ text: quantity.text, startMs: -Infinity, endMs: Infinity, field: path }];
  if (quantity.kind === 'sensor') return [];
  return quantity.entries.map((entry, i) => ({ ...entry, field: `${path}.${i}` }));
}

/** The lower one of two values in each step, or the one that is known. */
export const lowestOf = (one: Float64Array, other: Float64Array): Float64Array =>
  one.map((value, t) => (Number.isNaN(value) || other[t]! < value ? other[t]! : value));
