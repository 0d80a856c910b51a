import { TimeSlice } from './time-slice';

/** So many rows are sorted, or merged, at once. */
const RUN_ROWS = 2048;

type Compare = (one: number, other: number) => number;

/** The numbers 0 to `count`, exclusive, in an order; equal ones as they come. Sorts in slices, as rows may be many. */
export async function sortedOrder(count: number, compare: Compare): Promise<Int32Array> {
  const slice = new TimeSlice();
  let order = new Int32Array(count).map((_, row) => row);
  for (let from = 0; from < count; from += RUN_ROWS) {
    order.subarray(from, from + RUN_ROWS).sort(compare);
    await slice.restIfOver();
  }
  for (let width = RUN_ROWS; width < count; width *= 2) {
    const merged = new Int32Array(count);
    for (let from = 0; from < count; from += 2 * width) {
      const middle = Math.min(from + width, count);
      const ends = { from, middle, end: Math.min(middle + width, count) };
      await merge(order, merged, ends, compare, slice);
    }
    order = merged;
  }
  return order;
}

/** Merges two neighbouring runs, which are in order, into one. */
async function merge(
  source: Int32Array,
  target: Int32Array,
  { from, middle, end }: { from: number; middle: number; end: number },
  compare: Compare,
  slice: TimeSlice,
): Promise<void> {
  // Files are mostly in order.
  if (middle === end || compare(source[middle - 1]!, source[middle]!) <= 0) {
    target.set(source.subarray(from, end), from);
    return;
  }
  let [one, other] = [from, middle];
  for (let at = from; at < end; at++) {
    const isOne = other === end || (one < middle && compare(source[one]!, source[other]!) <= 0);
    target[at] = isOne ? source[one++]! : source[other++]!;
    if (at % RUN_ROWS === 0) await slice.restIfOver();
  }
}
