import type { ChartColumns } from './columns';
import { columnsAt, recordingOf, replaceSensor, toHistory } from './history';

const HOUR = 3_600_000;
const source = (id: number) => ({ id, name: 's', model: '', type: 'user', description: 's' });
/** Rows of [event, recorded, value], in hours. */
const series = (sensor: number, rows: [number, number, number][], sourceId = 1) => ({
  ...{ sensor, source: sourceId, cumulative_probability: 0.5, bucket: null },
  event_starts: rows.map(([event]) => event * HOUR),
  belief_horizons: rows.map(([event, recorded]) => (event - recorded) * HOUR),
  belief_times: rows.map(([, recorded]) => recorded * HOUR),
  event_values: rows.map(([, , value]) => value),
});
const columns = (...all: ReturnType<typeof series>[]): ChartColumns => ({
  sources: [source(1)],
  series: all,
});

describe('columnsAt', () => {
  // The event of hour 5 was forecast at 1 and at 3, in any order of the rows; that of hour 6 at 3 only.
  const history = toHistory(
    columns(
      series(1, [
        [6, 3, 60],
        [5, 3, 53],
        [5, 1, 51],
      ]),
    ),
  );
  const valuesAt = (hour: number) =>
    columnsAt(history, hour * HOUR).series.map(({ event_starts: starts, event_values: values }) =>
      starts.map((start, i) => [start / HOUR, values[i]]),
    );

  it('knows nothing before the first recording, but keeps the series', () => {
    expect(valuesAt(0)).toEqual([[]]);
  });

  it('knows of each event what was recorded last until then', () => {
    expect(valuesAt(1)).toEqual([[[5, 51]]]);
    expect(valuesAt(2.9)).toEqual([[[5, 51]]]);
    expect(valuesAt(3)).toEqual([
      [
        [5, 53],
        [6, 60],
      ],
    ]);
  });
});

describe('recordingOf', () => {
  it('is the span of recordings, without those long before or after the window', () => {
    const history = toHistory(
      columns(
        series(1, [
          [100, 10, 1],
          [101, 99, 1],
          [101, 900, 1],
        ]),
      ),
    );
    expect(recordingOf(history, 100 * HOUR, 102 * HOUR)).toEqual({ fromMs: 52 * HOUR, toMs: 150 * HOUR });
  });

  it('is the time of the recording if all was recorded long after', () => {
    const history = toHistory(columns(series(1, [[100, 900, 1]])));
    expect(recordingOf(history, 100 * HOUR, 102 * HOUR)).toEqual({ fromMs: 900 * HOUR, toMs: 900 * HOUR });
    expect(recordingOf(toHistory(columns()), 0, HOUR)).toBeUndefined();
  });
});

describe('replaceSensor', () => {
  it('replaces the series of one sensor where they were, and adds new sources', () => {
    const before = columns(series(1, []), series(2, []), series(3, []));
    const fresh = { sources: [source(7)], series: [series(2, [[5, 1, 51]], 7)] };
    const after = replaceSensor(before, 2, fresh);
    expect(after.series.map(({ sensor, source: id }) => [sensor, id])).toEqual([
      [1, 1],
      [2, 7],
      [3, 1],
    ]);
    expect(after.sources.map(({ id }) => id)).toEqual([1, 7]);
    expect(replaceSensor(before, 4, { sources: [], series: [series(4, [])] }).series).toHaveLength(4);
  });
});
