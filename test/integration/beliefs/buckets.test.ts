import fc from 'fast-check';
import { BeliefsService } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { aSensor, aSource } from '../../harness/databases/factories';
import { insertRawBeliefs } from '../../harness/databases/raw-beliefs';
import { scaledRuns } from '../../harness/effort';
import { startTestApp, type TestApp } from '../../harness/servers/app';

const QUARTER_MS = 900_000;
const START_MS = Date.parse('2026-03-28T22:00Z');

/** A stored belief about one of 40 events. */
interface Stored {
  event: number;
  source: number;
  horizonMs: number;
  probability: number;
  value: number;
}

describe('values in buckets', () => {
  let app: TestApp;
  let sources: number[];

  beforeAll(async () => {
    app = await startTestApp();
    sources = [await aSource(app), await aSource(app)];
  });
  afterAll(() => app.close());

  const store = async (beliefs: readonly Stored[]): Promise<Sensor> => {
    const sensor = await aSensor(app);
    const rows = beliefs.map(({ event, source, ...belief }) => ({
      ...{ ...belief, source: sources[source]! },
      event: new Date(START_MS + event * QUARTER_MS).toISOString(),
    }));
    await insertRawBeliefs(app, sensor.id, rows);
    return sensor;
  };

  /** The same figures, computed belief by belief. */
  function expected(beliefs: readonly Stored[], perBucket: number) {
    const latest = new Map<string, Stored>();
    const isMedian = ({ probability }: Stored) => probability === 0.5;
    for (const belief of beliefs) {
      const key = `${belief.source} ${belief.event}`;
      const known = latest.get(key);
      const isNewer = !known || belief.horizonMs < known.horizonMs;
      const isBetter = known?.horizonMs === belief.horizonMs && isMedian(belief) && !isMedian(known);
      if (isNewer || isBetter) latest.set(key, belief);
    }
    const buckets = new Map<string, number[]>();
    for (const { source, event, value } of latest.values()) {
      const key = JSON.stringify([source, Math.floor(event / perBucket)]);
      buckets.set(key, [...(buckets.get(key) ?? []), value]);
    }
    const rows = Array.from(buckets, ([key, values]) => {
      const [source, bucket] = JSON.parse(key) as [number, number];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return {
        ...{ source: sources[source]!, startMs: START_MS + bucket * perBucket * QUARTER_MS },
        ...{ minimum: Math.min(...values), mean, maximum: Math.max(...values) },
      };
    });
    return rows.sort((one, other) => one.source - other.source || one.startMs - other.startMs);
  }

  it('are minimum, mean and maximum of the most recent beliefs of each source', async () => {
    const belief = fc.record({
      event: fc.nat(39),
      source: fc.nat(1),
      horizonMs: fc.constantFrom(-QUARTER_MS, 0, QUARTER_MS),
      probability: fc.constantFrom(0.5, 0.9),
      value: fc.integer({ min: -1000, max: 1000 }),
    });
    const unique = fc.uniqueArray(belief, {
      selector: ({ event, source, horizonMs, probability }) => [event, source, horizonMs, probability].join(),
      maxLength: 120,
    });
    const property = fc.asyncProperty(unique, fc.integer({ min: 1, max: 15 }), async (beliefs, perBucket) => {
      const sensor = await store(beliefs);
      const buckets = {
        originMs: START_MS,
        lengthMs: perBucket * QUARTER_MS,
        count: Math.ceil(40 / perBucket),
      };
      const { found, searched } = await app
        .get(BeliefsService)
        .bucketsBySource(sensor, {}, buckets, beliefs.length);
      expect(searched).toBe(beliefs.length);
      const rows = Array.from(found.sourceIds, (source, i) => ({
        ...{ source, startMs: found.starts[i], minimum: found.minima[i] },
        ...{ mean: found.means[i], maximum: found.maxima[i] },
      }));
      const wanted = expected(beliefs, perBucket).map(({ mean, ...row }) => ({
        ...row,
        mean: expect.closeTo(mean, 6) as number,
      }));
      expect(rows).toEqual(wanted);
    });
    await fc.assert(property, { numRuns: scaledRuns(25) });
  });

  it('are filtered as in searches', async () => {
    const sensor = await store([
      { event: 0, source: 0, horizonMs: QUARTER_MS, probability: 0.5, value: 7 },
      { event: 0, source: 0, horizonMs: 0, probability: 0.5, value: 9 },
      { event: 1, source: 0, horizonMs: QUARTER_MS, probability: 0.5, value: 11 },
      { event: 2, source: 1, horizonMs: QUARTER_MS, probability: 0.5, value: 13 },
    ]);
    const search = {
      eventEndsBeforeMs: START_MS + 2 * QUARTER_MS,
      beliefsBeforeMs: START_MS + QUARTER_MS - 1,
    };
    const buckets = { originMs: START_MS, lengthMs: 4 * QUARTER_MS, count: 1 };
    expect(await app.get(BeliefsService).bucketsBySource(sensor, search, buckets, 1)).toEqual({
      searched: 1,
      found: {
        sourceIds: Int32Array.of(sources[0]!),
        starts: Float64Array.of(START_MS),
        minima: Float64Array.of(7),
        means: Float64Array.of(7),
        maxima: Float64Array.of(7),
      },
    });
  });

  it('of very many are joined, and end where too many beliefs were searched', async () => {
    const everyTenth = Array.from({ length: 100 }, (_, i) => ({
      ...{ event: 10 * i, source: i % 2, horizonMs: 0, probability: 0.5, value: i },
    }));
    const sensor = await store(everyTenth);
    const buckets = { originMs: START_MS, lengthMs: QUARTER_MS, count: 1000 };
    const read = (maxBeliefs: number) =>
      app.get(BeliefsService).bucketsBySource(sensor, {}, buckets, maxBeliefs);
    const { found, searched } = await read(100);
    expect(searched).toBe(100);
    const even = everyTenth.filter(({ source }) => source === 0);
    const odd = everyTenth.filter(({ source }) => source === 1);
    expect(Array.from(found.means)).toEqual([...even, ...odd].map(({ value }) => value));
    expect(Array.from(found.starts)).toEqual(
      [...even, ...odd].map(({ event }) => START_MS + event * QUARTER_MS),
    );
    await expect(read(99)).rejects.toMatchObject({ code: 'TOO_MUCH_DATA' });
  });
});
