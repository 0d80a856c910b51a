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
  let inside = 0;
  let trailing = 0;
  for (let t = firstKnown; t < prices.length; t++) {
    if (Number.isNaN(prices[t]!)) {
      filled[t] = filled[t - 1]!;
      trailing++;
    } else {
      inside += trailing;
      trailing = 0;
    }
  }
  return { status: 'known', prices: filled, warnings: describeGaps(name, firstKnown, inside, trailing) };
}

function describeGaps(name: string, leading: number, inside: number, trailing: number): string[] {
  const warnings: string[] = [];
  if (leading > 0) {
    warnings.push(
      `No ${name} prices known for the first ${countSteps(leading)}: the first known price was used.`,
    );
  }
  if (inside > 0) {
    warnings.push(
      `No ${name} prices known for ${countSteps(inside)} in between: the last price before was used.`,
    );
  }
  if (trailing > 0) {
    warnings.push(
      `No ${name} prices known for the last ${countSteps(trailing)}: the last known price was used.`,
    );
  }
  return warnings;
}

const countSteps = (count: number) => (count === 1 ? 'step' : `${count} steps`);
