import fc from 'fast-check';
import { sortedOrder } from './sorted-order';

describe('sortedOrder', () => {
  it('sorts as an array does, and keeps equal ones as they come', async () => {
    const arrays = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12_000, size: 'max' });
    await fc.assert(
      fc.asyncProperty(arrays, async (keys) => {
        const expected = Array.from(keys.keys()).sort((one, other) => keys[one]! - keys[other]!);
        expect(Array.from(await sortedOrder(keys.length, (one, other) => keys[one]! - keys[other]!))).toEqual(
          expected,
        );
      }),
      { numRuns: 20 },
    );
  });
});
