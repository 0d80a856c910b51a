import fc from 'fast-check';
import { scaledRuns } from '../../../../test/harness/effort';
import { EventStartSet } from './event-start-set';

describe('EventStartSet', () => {
  it('agrees with a plain set on any sequence', () => {
    const run = fc.record({
      start: fc.integer({ min: -40, max: 40 }),
      step: fc.integer({ min: -3, max: 3 }),
      count: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), (runs) => {
        const mine = new EventStartSet();
        const plain = new Set<number>();
        for (const { start, step, count } of runs) {
          for (let i = 0; i < count; i++) {
            const time = start + i * step;
            expect(mine.add(time)).toBe(!plain.has(time));
            plain.add(time);
          }
        }
      }),
      { numRuns: scaledRuns(100) },
    );
  });
});
