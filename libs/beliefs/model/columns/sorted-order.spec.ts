import fc from 'fast-check';
import { runAtOnce } from '#lib/concurrency';
import { sortedOrder } from './sorted-order';
import { seedOrDefault } from '../../../../test/harness/effort';

describe('sortedOrder', () => {
  it('gives the order of a stable array sort, for any number of rows', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12_000, size: 'max' });
    fc.assert(
      fc.property(keys, (given) => {
        const compare = (one: number, other: number): number => given[one]! - given[other]!;
        const expected = Array.from(given.keys()).sort(compare);
        expect(Array.from(runAtOnce(sortedOrder(given.length, compare)))).toEqual(expected);
      }),
      { numRuns: 20, seed: seedOrDefault(20_260_101) },
    );
  });

  it('can pause many times while it sorts many rows', () => {
    const sorting = sortedOrder(200_000, (one, other) => (one % 1000) - (other % 1000));
    let pauses = 0;
    while (sorting.next().done !== true) pauses++;
    expect(pauses).toBeGreaterThan(500);
  });
});
