import fc from 'fast-check';
import { BeliefsService } from '#lib/beliefs';
import {
  concatBeliefs,
  emptyBeliefColumns,
  pickBeliefs,
  unchangedMask,
  type BeliefColumns,
} from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { timeoutMs, scaledRuns, seedOrDefault } from '../../harness/effort';
import { aSensor, aSource } from '../../harness/databases/factories';
import { histories, toSortedRows, rowsOf } from './random-history';

jest.setTimeout(timeoutMs(120_000));

const START = Date.parse('2026-03-28T00:00Z');
const QUARTER_MS = 900_000;

describe('saving beliefs', () => {
  let app: TestApp;
  let sourceIds: number[];

  beforeAll(async () => {
    app = await startTestApp();
    sourceIds = [await aSource(app), await aSource(app), await aSource(app)];
  });
  afterAll(() => app.close());

  const series = (values: number[], horizonMs = 0, sourceId = sourceIds[0]!): BeliefColumns => ({
    eventStarts: Float64Array.from(values, (_, i) => START + i * QUARTER_MS),
    beliefHorizons: new Float64Array(values.length).fill(horizonMs),
    sourceIds: new Int32Array(values.length).fill(sourceId),
    cumulativeProbabilities: new Float64Array(values.length).fill(0.5),
    values: Float64Array.from(values),
  });
  const save = (
    sensor: Sensor,
    beliefs: BeliefColumns | AsyncIterable<BeliefColumns>,
    allowOverwrite = false,
  ) => app.get(BeliefsService).save(sensor, beliefs, { allowOverwrite });
  const stored = (sensor: Sensor): Promise<BeliefColumns> => app.get(BeliefsService).search(sensor, {});

  it('keeps the same history as the reference model for any beliefs in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(histories(sourceIds), { minLength: 1, maxLength: 4 }), async (batches) => {
        const sensor = await aSensor(app);
        let model = emptyBeliefColumns();
        for (const batch of batches) {
          const isReplacing = replaces(batch, model);
          if (isReplacing) {
            await expect(save(sensor, batch)).rejects.toMatchObject({ code: 'INVALID_REPLACEMENT' });
          } else {
            const unchanged = unchangedMask(batch, model);
            // A belief that gets more points keeps those that it has.
            const known = new Set(rowsOf(model).map(String));
            const fresh = rowsOf(batch).flatMap((row, index) =>
              unchanged[index] === 0 && !known.has(String(row)) ? [index] : [],
            );
            expect(await save(sensor, batch)).toEqual({
              saved: fresh.length,
              unchanged: unchanged.length - fresh.length,
            });
            model = concatBeliefs([model, pickBeliefs(batch, fresh)]);
          }
          expect(toSortedRows(await stored(sensor))).toEqual(toSortedRows(model));
        }
      }),
      { numRuns: scaledRuns(15), seed: seedOrDefault(20_260_329) },
    );
  });

  it('saves the same at once, in batches, and through the staging table', async () => {
    const values = Array.from({ length: 60_000 }, (_, i) => i % 7);
    const inBatches = async function* (size: number, all: BeliefColumns): AsyncIterable<BeliefColumns> {
      for (let at = 0; at < all.values.length; at += size) {
        const rows = Array.from({ length: Math.min(size, all.values.length - at) }, (_, i) => at + i);
        yield await Promise.resolve(pickBeliefs(all, rows));
      }
    };
    const [fresh, halfKnown, unordered] = [await aSensor(app), await aSensor(app), await aSensor(app)];
    expect(await save(fresh, inBatches(1000, series(values)))).toEqual({ saved: 60_000, unchanged: 0 });
    expect(await save(halfKnown, series(values.slice(0, 30_000)))).toEqual({ saved: 30_000, unchanged: 0 });
    expect(await save(halfKnown, inBatches(1000, series(values)))).toEqual({
      saved: 30_000,
      unchanged: 30_000,
    });
    // The rest is not ascending, so it goes through the staging table, after rows that were copied directly.
    const disorder = concatBeliefs([series(values), series(values.slice(0, 55_000), -QUARTER_MS)]);
    expect(await save(unordered, inBatches(1000, disorder))).toEqual({ saved: 60_000, unchanged: 55_000 });
    const reference = toSortedRows(await stored(fresh));
    expect(toSortedRows(await stored(halfKnown))).toEqual(reference);
    expect(toSortedRows(await stored(unordered))).toEqual(reference);
  });

  it('refuses a replacing belief and saves nothing of the rest, unless overwriting is allowed', async () => {
    const sensor = await aSensor(app);
    await save(sensor, series([1, 2]));
    await expect(save(sensor, series([1, 3, 4]))).rejects.toMatchObject({ code: 'INVALID_REPLACEMENT' });
    expect(Array.from((await stored(sensor)).values)).toEqual([1, 2]);
    expect(await save(sensor, series([1, 3, 4]), true)).toEqual({ saved: 2, unchanged: 1 });
    expect(Array.from((await stored(sensor)).values)).toEqual([1, 3, 4]);
  });

  it('refuses infinite values in every way of saving', async () => {
    const sensor = await aSensor(app);
    const long = series([...Array<number>(2000).fill(1), -Infinity]);
    for (const beliefs of [series([1, Infinity]), long]) {
      await expect(save(sensor, beliefs)).rejects.toMatchObject({ code: 'INVALID_VALUES' });
    }
    expect((await stored(sensor)).values).toHaveLength(0);
  });

  it('omits missing values, and saves nothing when all are missing', async () => {
    const sensor = await aSensor(app);
    expect(await save(sensor, series([1, NaN, 3]))).toEqual({ saved: 2, unchanged: 0 });
    expect(await save(sensor, series([NaN, NaN]))).toEqual({ saved: 0, unchanged: 0 });
    expect(Array.from((await stored(sensor)).values)).toEqual([1, 3]);
  });

  it('saves a series once when two clients send it at the same time', async () => {
    const sensor = await aSensor(app);
    const values = Array.from({ length: 500 }, (_, i) => i);
    const results = await Promise.all(Array.from({ length: 8 }, () => save(sensor, series(values))));
    expect(results.reduce((sum, { saved }) => sum + saved, 0)).toBe(500);
    expect((await stored(sensor)).values).toHaveLength(500);
  });

  it('lets clients save to several sensors in opposite order without a deadlock', async () => {
    const sensors = [await aSensor(app), await aSensor(app)];
    const saveBoth = (order: Sensor[], horizonMs: number) =>
      app
        .get(BeliefsService)
        .saveAll(order.map((sensor) => ({ sensor, beliefs: series([horizonMs, 2], horizonMs) })));
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        saveBoth(i % 2 === 0 ? sensors : [...sensors].reverse(), (i + 1) * QUARTER_MS),
      ),
    );
    expect((await stored(sensors[0]!)).values.length).toBeGreaterThan(10);
  });

  it('refuses a sensor that was deleted in the meantime', async () => {
    const sensor = await aSensor(app);
    await app.get(Transactions).query('DELETE FROM sensor WHERE id = $1', [sensor.id]);
    await expect(save(sensor, series([1]))).rejects.toMatchObject({ code: 'SENSOR_NOT_FOUND' });
  });

  it('refuses a sensor whose resolution was changed in the meantime', async () => {
    const sensor = await aSensor(app);
    await app
      .get(Transactions)
      .query("UPDATE sensor SET event_resolution = '1 hour' WHERE id = $1", [sensor.id]);
    await expect(save(sensor, series([1]))).rejects.toMatchObject({ code: 'SENSOR_CHANGED' });
  });

  it('saves nothing when the stream fails', async () => {
    const sensor = await aSensor(app);
    const breaking = async function* (): AsyncIterable<BeliefColumns> {
      yield await Promise.resolve(series(Array.from({ length: 60_000 }, (_, i) => i)));
      throw new Error('line 60001 is broken');
    };
    await expect(save(sensor, breaking())).rejects.toThrow('line 60001 is broken');
    expect((await stored(sensor)).values).toHaveLength(0);
    expect(await save(sensor, series([1]))).toEqual({ saved: 1, unchanged: 0 });
  });
});

/** Whether a belief contradicts a known one of the same event, source, belief time and probability. */
function replaces(incoming: BeliefColumns, known: BeliefColumns): boolean {
  const key = (beliefs: BeliefColumns, row: number): string =>
    [beliefs.eventStarts, beliefs.beliefHorizons, beliefs.sourceIds, beliefs.cumulativeProbabilities]
      .map((column) => column[row])
      .join(' ');
  const values = new Map(Array.from(known.values, (value, row) => [key(known, row), value]));
  return Array.from(incoming.values).some((value, row) => {
    const before = values.get(key(incoming, row));
    return before !== undefined && before !== value;
  });
}
