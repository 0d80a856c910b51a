import { seriesOfEntries, type Precedence, type StepsEntry } from './entries-series';

const entries: StepsEntry[] = [
  { from: 0, to: 3, value: 5 },
  { from: 2, to: 5, value: 9 },
  { from: 1, to: 4, value: 7 },
];

describe('seriesOfEntries', () => {
  it.each<[Precedence, number[]]>([
    ['latest', [5, 7, 7, 7, 9, NaN]],
    ['lowest', [5, 5, 5, 7, 9, NaN]],
    ['highest', [5, 7, 9, 9, 9, NaN]],
  ])('lets the %s of overlapping entries hold', (precedence, expected) => {
    expect([...seriesOfEntries(entries, 6, precedence)]).toEqual(expected);
  });

  it('leaves out what lies outside of the window, and entries without steps', () => {
    const outside = [
      { from: -4, to: 1, value: 1 },
      { from: 2, to: 9, value: 2 },
      { from: 1, to: 1, value: 3 },
      { from: 7, to: 5, value: 4 },
      { from: -3, to: -1, value: 5 },
    ];
    expect([...seriesOfEntries(outside, 4, 'latest')]).toEqual([1, NaN, 2, 2]);
    expect(seriesOfEntries(outside, 0, 'lowest')).toHaveLength(0);
  });

  it('sets each step as setting them one after the other does', () => {
    const steps = 200;
    const many = Array.from({ length: 300 }, (_, i) => {
      const from = ((i * 7919) % 230) - 15;
      return { from, to: from + ((i * 104_729) % 90), value: (i * 31) % 17 };
    });
    const holds = {
      latest: (_first: number, second: number) => second,
      lowest: (first: number, second: number) => (Number.isNaN(first) ? second : Math.min(first, second)),
      highest: (first: number, second: number) => (Number.isNaN(first) ? second : Math.max(first, second)),
    };
    for (const precedence of ['latest', 'lowest', 'highest'] as const) {
      const expected = new Float64Array(steps).fill(NaN);
      for (const { from, to, value } of many)
        for (let t = Math.max(0, from); t < Math.min(steps, to); t++)
          expected[t] = holds[precedence](expected[t]!, value);
      expect(seriesOfEntries(many, steps, precedence)).toEqual(expected);
    }
  });

  it('takes no longer for entries that all speak of the whole window', () => {
    const [steps, count] = [50_000, 10_000];
    const all = Array.from({ length: count }, (_, i) => ({ from: 0, to: steps, value: i }));
    // One after the other, these would be 500 million steps.
    expect(seriesOfEntries(all, steps, 'highest')).toEqual(new Float64Array(steps).fill(count - 1));
  });
});
