export type FilledPrices =
  | { status: 'known'; prices: Float64Array; warnings: string[] }
  /** No price is known in the window. */
  | { status: 'UNKNOWN_PRICES' };

/**
 * Fills gaps in a price series so that every step has a price. Steps before the first known price take that price; all
 * other gaps take the last known price before them.
 *
 * @param prices currency per MWh, one per step, NaN if unknown; not modified
 * @param name what warnings call the series, e.g. "consumption"
 * @returns a new series, with one warning per kind of gap
 */
export function fillPrices(prices: Float64Array, name = 'energy'): FilledPrices {
  const firstKnown = prices.findIndex((price) => !Number.isNaN(price));
  if (firstKnown === -1) return { status: 'UNKNOWN_PRICES' };
  const filled = prices.slice().fill(prices[firstKnown]!, 0, firstKnown);
  for (let t = firstKnown; t < prices.length; t++) if (Number.isNaN(prices[t]!)) filled[t] = filled[t - 1]!;
  return { status: 'known', prices: filled, warnings: describeGaps(prices, `${name} prices`, 'price') };
}

/**
 * Says where a series is unknown and what is used there.
 *
 * @param values one per step, NaN if unknown; at least one is known
 * @param name of the values, in the plural
 * @param one name of one value
 * @returns one warning per kind of gap
 */
export function describeGaps(values: Float64Array, name: string, one: string): string[] {
  const leading = values.findIndex((value) => !Number.isNaN(value));
  const afterLast = values.findLastIndex((value) => !Number.isNaN(value)) + 1;
  const trailing = values.length - afterLast;
  const inside = values.subarray(leading, afterLast).filter(Number.isNaN).length;
  const warnings: string[] = [];
  if (leading > 0) {
    warnings.push(`No ${name} known for the first ${countSteps(leading)}: the first known ${one} was used.`);
  }
  if (inside > 0) {
    warnings.push(`No ${name} known for ${countSteps(inside)} in between: the last ${one} before was used.`);
  }
  if (trailing > 0) {
    warnings.push(`No ${name} known for the last ${countSteps(trailing)}: the last known ${one} was used.`);
  }
  return warnings;
}

/** A number of steps in words. */
export const countSteps = (count: number) => (count === 1 ? 'step' : `${count} steps`);
