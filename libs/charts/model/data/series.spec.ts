import { emptyBeliefColumns } from '#lib/beliefs/model';
import { bucketLength, seriesJson, splitBeliefs, splitBuckets } from '..';

const joined = (pieces: Iterable<string | Uint8Array>): string =>
  Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece))).toString();

describe('bucketLength', () => {
  it.each([
    ['a day of quarter-hours that fit', 86_400_000, 96, 900_000, undefined],
    ['a day of quarter-hours that do not fit', 86_400_000, 95, 900_000, 1_800_000],
    ['a year of hours in 1,600 buckets', 8760 * 3_600_000, 1600, 3_600_000, 6 * 3_600_000],
    ['readings at instants', 10_000, 3, 0, 3334],
    ['an empty window of instants', 0, 3, 0, 1],
  ])('is a multiple of the resolution: %s', (_, windowMs, count, resolutionMs, expected) => {
    expect(bucketLength(windowMs, count, resolutionMs)).toBe(expected);
  });
});

describe('splitBeliefs', () => {
  it('gives each source and probability its own series', () => {
    const beliefs = emptyBeliefColumns(4);
    beliefs.eventStarts.set([0, 0, 0, 60_000]);
    beliefs.sourceIds.set([7, 7, 3, 7]);
    beliefs.cumulativeProbabilities.set([0.2, 0.5, 0.5, 0.5]);
    beliefs.beliefHorizons.set([5, 5, 0, 6]);
    beliefs.values.set([1, 2, 3, 4]);
    const key = { sensorId: 9, bucketMs: null };
    expect(splitBeliefs(9, beliefs)).toEqual([
      {
        ...{ ...key, sourceId: 7, cumulativeProbability: 0.2, eventStarts: Float64Array.of(0) },
        ...{ beliefHorizons: Float64Array.of(5), values: Float64Array.of(1) },
      },
      {
        ...{ ...key, sourceId: 7, cumulativeProbability: 0.5, eventStarts: Float64Array.of(0, 60_000) },
        ...{ beliefHorizons: Float64Array.of(5, 6), values: Float64Array.of(2, 4) },
      },
      {
        ...{ ...key, sourceId: 3, cumulativeProbability: 0.5, eventStarts: Float64Array.of(0) },
        ...{ beliefHorizons: Float64Array.of(0), values: Float64Array.of(3) },
      },
    ]);
  });
});

describe('seriesJson', () => {
  it('writes columns of any length, with null for unknown values', () => {
    const buckets = {
      sourceIds: new Int32Array(10_001).fill(1),
      starts: Float64Array.from({ length: 10_001 }, (_, i) => i * 1000),
      minima: new Float64Array(10_001).fill(-1),
      means: new Float64Array(10_001).fill(0.25),
      maxima: new Float64Array(10_001).fill(1),
    };
    buckets.sourceIds[10_000] = 2;
    buckets.means[4096] = NaN;
    const series = splitBuckets(5, 1000, buckets);
    const sensor = { id: 5, name: 'a "b"', unit: 'MW', timezone: 'UTC', event_resolution: 0 };
    const written = JSON.parse(joined(seriesJson([sensor], [], series))) as {
      series: Record<string, unknown[]>[];
    };
    expect(written).toMatchObject({ sensors: [sensor], sources: [] });
    const { event_starts: starts, event_values: values, minima, maxima } = written.series[0]!;
    expect(starts).toEqual(Array.from({ length: 10_000 }, (_, i) => i * 1000));
    expect(values!.map((value, i) => (value === (i === 4096 ? null : 0.25) ? 0 : i))).toEqual(
      new Array(10_000).fill(0),
    );
    expect([minima!.length, maxima!.length]).toEqual([10_000, 10_000]);
    expect(written.series[1]).toEqual({
      ...{ sensor: 5, source: 2, cumulative_probability: 0.5, bucket: 1000 },
      ...{ event_starts: [10_000_000], event_values: [0.25], minima: [-1], maxima: [1] },
    });
  });

  it('writes a chart without data', () => {
    expect(JSON.parse(joined(seriesJson([], [], [])))).toEqual({
      sensors: [],
      sources: [],
      series: [],
    });
  });
});
