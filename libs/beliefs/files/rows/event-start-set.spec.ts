import fc from 'fast-check';
import { scaledRuns, seedOrDefault } from '../../../../test/harness/effort';
import { EventStartSet } from './event-start-set';

describe('EventStartSet', () => {
  it('agrees with a plain map on any sequence', () => {
    const run = fc.record({
      start: fc.integer({ min: -40, max: 40 }),
      step: fc.integer({ min: -3, max: 3 }),
      count: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), (runs) => {
        const mine = new EventStartSet();
        const plain = new Map<number, number>();
        let row = 0;
        for (const { start, step, count } of runs) {
          for (let i = 0; i < count; i++) {
            const time = start + i * step;
            // The numbers of some rows are skipped, as by rows without a value.
            row += row % 5 === 0 ? 2 : 1;
            expect(mine.add(time, row)).toBe(plain.get(time) ?? -1);
            if (!plain.has(time)) plain.set(time, row);
          }
        }
      }),
      { numRuns: scaledRuns(100), seed: seedOrDefault(20_260_101) },
    );
  });
});
