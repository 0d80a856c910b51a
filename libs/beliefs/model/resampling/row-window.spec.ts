import { runAtOnce } from '#lib/concurrency';
import type { PartRows } from './longer-events';
import { RowWindow } from './row-window';

const rowsOf = ({ longerStarts, eventStarts, beliefTimes, values }: PartRows): number[][] =>
  Array.from(longerStarts, (longer, row) => [longer, eventStarts[row]!, beliefTimes[row]!, values[row]!]);

describe('RowWindow', () => {
  it.each([
    ['from old to new', (event: number) => event],
    ['from new to old', (event: number) => -event],
    ['with rows a little out of order', (event: number) => event + (event % 3) * 2],
  ])('gives out rows %s, all rows of a longer event together', (_name, place) => {
    const window = new RowWindow(40);
    const taken: number[][] = [];
    const events = Array.from({ length: 100 }, (_, i) => i).sort((one, other) => place(one) - place(other));
    for (const event of events) {
      expect(window.isPassed(event)).toBe(false);
      for (const part of [2, 0, 1]) window.add(event, event + part / 10, NaN, part);
      if (window.isFull) taken.push(...rowsOf(runAtOnce(window.takeFirstHalf())));
    }
    expect(taken.length).toBeGreaterThan(200);
    expect(taken.every(([event]) => window.isPassed(event!))).toBe(true);
    taken.push(...rowsOf(runAtOnce(window.takeAll())));
    const byEvent = Array.from({ length: 100 }, (_, event) => taken.filter(([one]) => one === event));
    expect(byEvent).toEqual(
      Array.from({ length: 100 }, (_, event) =>
        [0, 1, 2].map((part) => [event, event + part / 10, Infinity, part]),
      ),
    );
  });

  it('keeps a single event, however many rows it has', () => {
    const window = new RowWindow(10);
    for (let part = 0; part < 100; part++) {
      window.add(5, part, NaN, part);
      if (window.isFull) expect(runAtOnce(window.takeFirstHalf()).longerStarts).toHaveLength(0);
    }
    window.add(6, 0, NaN, 0);
    expect(window.isPassed(5)).toBe(false);
    expect(runAtOnce(window.takeAll()).values).toHaveLength(101);
  });

  it('gives out an event of more than half of the rows once as many others have followed', () => {
    const window = new RowWindow(10);
    for (let part = 0; part < 12; part++) window.add(5, part, NaN, part);
    for (let part = 0; part < 4; part++) window.add(6, part, NaN, part);
    expect(runAtOnce(window.takeFirstHalf()).longerStarts).toHaveLength(0);
    window.add(6, 4, NaN, 4);
    expect(new Set(runAtOnce(window.takeFirstHalf()).longerStarts)).toEqual(new Set([5]));
    expect(window.isPassed(5)).toBe(true);
    expect(window.isPassed(6)).toBe(false);
    expect(window.size).toBe(5);
  });

  it('orders rows by longer event, then belief time, then event start', () => {
    const window = new RowWindow();
    for (const [event, start, time] of [
      [2, 2, 1],
      [1, 1, 3],
      [1, 2, 3],
      [1, 1, NaN],
      [1, 2, 1],
    ] as const) {
      window.add(event, start, time, 0);
    }
    expect(rowsOf(runAtOnce(window.takeAll()))).toEqual([
      [1, 2, 1, 0],
      [1, 1, 3, 0],
      [1, 2, 3, 0],
      [1, 1, Infinity, 0],
      [2, 2, 1, 0],
    ]);
  });
});
