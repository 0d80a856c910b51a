import type { Pausable } from '#lib/concurrency';

/** Number of rows that are sorted, or merged, between two pauses. */
const RUN_ROWS = 2048;

type Compare = (one: number, other: number) => number;

/**
 * The rows 0 to `count` - 1 in the order of a comparison; equal rows keep their order. A merge sort that can pause,
 * because many rows take long.
 */
export function* sortedOrder(count: number, compare: Compare): Pausable<Int32Array> {
  let order = new Int32Array(count).map((_, row) => row);
  for (let from = 0; from < count; from += RUN_ROWS) {
    order.subarray(from, from + RUN_ROWS).sort(compare);
    yield;
  }
  for (let width = RUN_ROWS; width < count; width *= 2) {
    const merged = new Int32Array(count);
    for (let from = 0; from < count; from += 2 * width) {
      const middle = Math.min(from + width, count);
      yield* merge(order, merged, { from, middle, end: Math.min(middle + width, count) }, compare);
      yield;
    }
    order = merged;
  }
  return order;
}

/** Merges the sorted rows [from, middle) and [middle, end) of `source` into the same places of `target`. */
function* merge(
  source: Int32Array,
  target: Int32Array,
  { from, middle, end }: { from: number; middle: number; end: number },
  compare: Compare,
): Pausable<void> {
  // Rows are mostly in order already.
  if (middle === end || compare(source[middle - 1]!, source[middle]!) <= 0) {
    target.set(source.subarray(from, end), from);
    return;
  }
  let [one, other] = [from, middle];
  for (let at = from; at < end; at++) {
    const isOne = other === end || (one < middle && compare(source[one]!, source[other]!) <= 0);
    target[at] = isOne ? source[one++]! : source[other++]!;
    if (at % RUN_ROWS === 0) yield;
  }
}
