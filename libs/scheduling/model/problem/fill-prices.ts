export type FilledPrices =
  | { status: 'known'; prices: Float64Array; warnings: string[] }
  /** Not a single price is known in the window. */
  | { status: 'UNKNOWN_PRICES' };

/**
 * Completes a price series so that every step has a price.
 *
 * @param prices currency/MWh, one per step, NaN where unknown; left untouched
 * @param name how warnings call the series, e.g. "consumption"
 * @returns a new series in which the first known price extends to the start and every other gap is filled with the
 *   last known price before it, with one warning per kind of gap
 */
export function fillPrices(prices: Float64Array, name = 'energy'): FilledPrices {
  const firstKnown = prices.findIndex((price) => !Number.isNaN(price));
  if (firstKnown === -1) return { status: 'UNKNOWN_PRICES' };
  const filled = prices.slice().fill(prices[firstKnown]!, 0, firstKnown);
  let inside = 0;
  let pending = 0;
  for (let t = firstKnown; t < prices.length; t++) {
    if (Number.isNaN(prices[t]!)) {
      filled[t] = filled[t - 1]!;
      pending++;
    } else {
      inside += pending;
      pending = 0;
    }
  }
  return { status: 'known', prices: filled, warnings: describeGaps(name, firstKnown, inside, pending) };
}

function describeGaps(name: string, before: number, inside: number, after: number): string[] {
  const warnings: string[] = [];
  if (before > 0) {
    warnings.push(
      `No ${name} prices known for the first ${countSteps(before)}: the first known price was used.`,
    );
  }
  if (inside > 0) {
    warnings.push(
      `No ${name} prices known for ${countSteps(inside)} in between: the last price before was used.`,
    );
  }
  if (after > 0) {
    warnings.push(
      `No ${name} prices known for the last ${countSteps(after)}: the last known price was used.`,
    );
  }
  return warnings;
}

const countSteps = (count: number) => (count === 1 ? 'step' : `${count} steps`);
