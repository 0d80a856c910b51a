import fc from 'fast-check';
import { someBeliefs } from '../reference/beliefs.fixture';
import { meanOfIndependent, sumOfIndependent } from '../resampling/convolution';
import { distributionOf, meanOf, medianOf } from './distribution';
import { seedOrDefault } from '../../../../test/harness/effort';

const belief = (...points: [number, number][]) =>
  someBeliefs(points.map(([probability, value]) => ({ probability, value })));
const rowsOf = (beliefs: ReturnType<typeof belief>) => Array.from(beliefs.values.keys());

describe('medianOf', () => {
  it.each([
    [
      'the point at 0.5',
      [
        [0.1587, 1],
        [0.5, 2],
        [0.8413, 3],
      ],
      2,
    ],
    [
      'the first point above',
      [
        [0.2, 1],
        [0.6, 2],
        [0.9, 3],
      ],
      2,
    ],
    [
      'the point above even when one below is nearer',
      [
        [0.45, 1],
        [0.9, 2],
      ],
      2,
    ],
    [
      'the last point',
      [
        [0.1, 1],
        [0.3, 2],
      ],
      2,
    ],
    [
      'in any order',
      [
        [0.9, 3],
        [0.6, 2],
        [0.2, 1],
      ],
      2,
    ],
  ] as [string, [number, number][], number][])('takes %s', (_name, points, expected) => {
    const beliefs = belief(...points);
    expect(beliefs.values[medianOf(beliefs, rowsOf(beliefs))]).toBe(expected);
  });
});

describe('meanOf', () => {
  it('weights each outcome by its probability, the last by the remaining probability', () => {
    const beliefs = belief([0.5, 20], [0.2, 10], [0.8, 30]);
    // 10 * 0.2 + 20 * 0.3 + 30 * 0.5
    expect(meanOf(distributionOf(beliefs, rowsOf(beliefs)))).toBeCloseTo(23, 12);
  });

  it('is the value of a deterministic belief', () => {
    expect(meanOf({ values: [7], cumulative: [0.5] })).toBe(7);
  });
});

describe('sumOfIndependent', () => {
  const distribution = fc
    .uniqueArray(
      fc.record({ value: fc.integer({ min: -50, max: 50 }), weight: fc.integer({ min: 1, max: 9 }) }),
      {
        minLength: 1,
        maxLength: 4,
        selector: ({ value }) => value,
      },
    )
    .map((outcomes) => {
      outcomes.sort((a, b) => a.value - b.value);
      const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
      let sum = 0;
      return {
        values: outcomes.map(({ value }) => value),
        cumulative: outcomes.map(({ weight }) => (sum += weight) / total),
      };
    });

  it('gives the distribution of two dice', () => {
    const die = { values: [1, 2, 3, 4, 5, 6], cumulative: [1, 2, 3, 4, 5, 6].map((face) => face / 6) };
    const { values, cumulative } = sumOfIndependent([die, die]);
    expect(values).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(cumulative[5]).toBeCloseTo(21 / 36, 12);
    expect(meanOfIndependent([die, die]).values[5]).toBe(3.5);
  });

  it('has the sum of the expected values, is ascending and ends at 1, for any number of parts', () => {
    fc.assert(
      fc.property(fc.array(distribution, { minLength: 1, maxLength: 12 }), (parts) => {
        const sum = sumOfIndependent(parts);
        const expected = parts.map(meanOf).reduce((total, mean) => total + mean, 0);
        expect(meanOf(sum)).toBeCloseTo(expected, 8);
        expect(sum.values.length).toBeLessThanOrEqual(200);
        expect(sum.cumulative.at(-1)).toBe(1);
        expect(sum.values).toEqual([...sum.values].sort((a, b) => a - b));
        expect(sum.cumulative).toEqual([...sum.cumulative].sort((a, b) => a - b));
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });

  it('stays close to the exact distribution when outcomes must be merged', () => {
    // Twelve times two outcomes at powers of two: 4096 distinct sums, all equally likely.
    const parts = Array.from({ length: 12 }, (_, bit) => ({ values: [0, 2 ** bit], cumulative: [0.5, 1] }));
    const { values, cumulative } = sumOfIndependent(parts);
    for (const [i, value] of values.entries()) expect(cumulative[i]).toBeCloseTo((value + 1) / 4096, 1);
  });
});
