import { RowCollector } from './row-collector';

describe('RowCollector', () => {
  it('omits rows that repeat event start and belief time, also with many belief times', () => {
    const rows = new RowCollector(1000);
    // Forecasts made every hour, of the next hour and of the one two days later.
    const pairs = Array.from({ length: 20_000 }, (_, run) =>
      [run + 1, run + 48].map((event) => [event, run]),
    );
    const added = pairs
      .flat()
      .map(([event, time]) => [rows.add(event!, 1, time!, 1), rows.add(event!, 1, time!, 1)]);
    expect(added.every(([first, second]) => first === 'added' && second === 'repeated')).toBe(true);
    expect(rows.ready).toHaveLength(40);
  });

  it('evicts only the least recently used belief times', () => {
    const rows = new RowCollector(1000);
    const repeated = Array.from({ length: 10_000 }, (_, time) => {
      rows.add(time, 1, time, 1);
      return rows.add(5, 1, NaN, 1);
    });
    expect(repeated.filter((result) => result === 'added')).toHaveLength(1);
    expect(rows.add(9999, 1, 9999, 1)).toBe('repeated');
    expect(rows.add(9000, 1, 9000, 1)).toBe('repeated');
    expect(rows.add(0, 1, 0, 1)).toBe('added');
  });

  it('limits the stored event starts out of order of all belief times together', () => {
    const rows = new RowCollector(1000);
    const count = 200_000;
    const added = (time: number): number => {
      let sum = 0;
      for (let i = 0; i < count; i++) if (rows.add(i % 2 === 0 ? i : -i, 1, time, 1) === 'added') sum++;
      return sum;
    };
    expect([added(1), added(1), added(2), added(3)]).toEqual([count, 0, count, count]);
    // Half of the rows are in order and always stored.
    expect(added(1)).toBe(0);
    expect(added(3)).toBeGreaterThan(0);
    expect(added(3)).toBeLessThanOrEqual(count / 2);
  });

  it('finds the line and the value of an earlier row with another value, also among missing values', () => {
    const rows = new RowCollector(10);
    const starts = Array.from({ length: 50_000 }, (_, i) => (i % 7 === 3 ? i - 5.5 : i));
    for (const [i, start] of starts.entries()) {
      if (i % 5 === 0) rows.addWithoutValue(start, NaN, i + 1);
      else rows.add(start, i * 2, NaN, i + 1);
    }
    const found = [...starts.entries()]
      .filter(([i]) => i % 5 !== 0)
      .map(([i, start]) => [i, rows.add(start, -1, NaN, 99_999)]);
    expect(found).toEqual(found.map(([i]) => [i, { line: Number(i) + 1, value: Number(i) * 2 }]));
  });

  it.each([
    ['first', [1, 5]],
    ['last', [3, 5]],
    ['mean', [2, 5]],
    ['sum', [6, 5]],
  ] as const)('keeps the %s of repeated rows', (keep, values) => {
    const rows = new RowCollector(1, keep);
    rows.add(0, 1, NaN, 1);
    rows.add(1, 5, NaN, 2);
    rows.add(0, 2, NaN, 3);
    expect(rows.add(0, 3, NaN, 4)).toBe('repeated');
    rows.finish();
    expect(rows.ready.map((batch) => batch.values[0])).toEqual(values);
  });

  it('adds rows without a value, which do not count as repeated', () => {
    const rows = new RowCollector(10);
    rows.addWithoutValue(1, NaN, 1);
    expect(rows.add(1, 5, NaN, 2)).toBe('added');
    rows.finish();
    expect(rows.ready[0]).toEqual({
      eventStarts: Float64Array.of(1, 1),
      values: Float64Array.of(NaN, 5),
      beliefTimes: Float64Array.of(NaN, NaN),
      lines: Int32Array.of(1, 2),
    });
  });
});
