import fc from 'fast-check';
import { BeliefMaintenanceService, BeliefsService } from '#lib/beliefs';
import { concatBeliefs, pickBeliefs, type BeliefColumns } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { isThorough, timeoutMs, scaledRuns, seedOrDefault } from '../../harness/effort';
import { aSensor, aSource } from '../../harness/databases/factories';
import { compareRows, histories, rowsOf, toSortedRows } from './random-history';
import { StatementModel } from './statement-model';

jest.setTimeout(timeoutMs(240_000));

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

  it('case 14: keeps the same history as the reference model for any beliefs in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(histories(sourceIds), { minLength: 1, maxLength: 4 }), async (batches) => {
        const sensor = await aSensor(app);
        const model = new StatementModel();
        for (const batch of batches) {
          if (model.contradicts(batch)) {
            await expect(save(sensor, batch)).rejects.toMatchObject({ code: 'INVALID_REPLACEMENT' });
          } else {
            const saved = model.save(batch);
            expect(await save(sensor, batch)).toEqual({ saved, unchanged: batch.values.length - saved });
          }
          expect(toSortedRows(await stored(sensor))).toEqual(model.rows.sort(compareRows));
        }
      }),
      { numRuns: scaledRuns(15), seed: seedOrDefault(20_260_329) },
    );
  });

  it('keeps the same beliefs most recent in whatever order they are saved', async () => {
    const orders = fc.tuple(
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(
        histories(sourceIds),
        orders,
        fc.boolean(),
        async (history, [one, other], isCleaned) => {
          const latest: unknown[] = [];
          for (const order of [one, other]) {
            const sensor = await aSensor(app, { eventResolutionMs: 3_600_000 });
            for (const post of shuffled(statementsOf(history), order)) await save(sensor, post);
            if (isCleaned) {
              await app
                .get(BeliefMaintenanceService)
                .deleteUnchanged(['forecasts', 'measurements'], [sensor.id]);
            }
            const service = app.get(BeliefsService);
            latest.push([
              await service.latestPerEvent(sensor, {}),
              await service.latestPerEvent(sensor, { beliefsBeforeMs: START + 30 * 24 * 4 * QUARTER_MS }),
              await service.latestPerEvent(sensor, { sourceIds: sourceIds.slice(0, 2) }),
              toSortedRows(await stored(sensor)),
            ]);
          }
          expect(latest[0]).toEqual(latest[1]);
        },
      ),
      // Each history has up to 15 pairs of source and event: some 300 of them, and 10,000 in the thorough run.
      { numRuns: scaledRuns(isThorough ? 70 : 25), seed: seedOrDefault(20_260_330) },
    );
  });

  it('lets no late belief outlive a later repeat of the belief before it', async () => {
    const sensor = await aSensor(app);
    const latest = async (beliefsBeforeMs?: number) =>
      Array.from((await app.get(BeliefsService).latestPerEvent(sensor, { beliefsBeforeMs })).values);
    await save(sensor, series([1], -QUARTER_MS));
    expect(await save(sensor, series([1], -3 * QUARTER_MS))).toEqual({ saved: 0, unchanged: 1 });
    expect((await stored(sensor)).values).toHaveLength(1);
    expect(await save(sensor, series([2], -2 * QUARTER_MS))).toEqual({ saved: 1, unchanged: 0 });
    expect(await latest()).toEqual([1]);
    expect(await latest(START + 3 * QUARTER_MS)).toEqual([2]);
    expect(await latest(START + 2 * QUARTER_MS)).toEqual([1]);
  });

  it('takes back a belief that an earlier one of the same value turns into a repeat', async () => {
    const sensor = await aSensor(app);
    await save(sensor, series([1], -3 * QUARTER_MS));
    expect(await save(sensor, series([1], -QUARTER_MS))).toEqual({ saved: 1, unchanged: 0 });
    expect(Array.from((await stored(sensor)).beliefHorizons)).toEqual([-QUARTER_MS]);
    await save(sensor, series([2], -2 * QUARTER_MS));
    expect(Array.from((await stored(sensor)).values)).toEqual([1, 2, 1]);
  });

  it('keeps the latest twenty repeats of a belief', async () => {
    const sensor = await aSensor(app);
    for (let i = 1; i <= 25; i++) await save(sensor, series([1], -i * QUARTER_MS));
    const [row] = await app
      .get(Transactions)
      .query<{ repeated_horizons: string[] }>('SELECT * FROM timed_belief WHERE sensor_id = $1', [sensor.id]);
    expect(row!.repeated_horizons).toEqual(
      Array.from({ length: 20 }, (_, i) => String((i - 25) * QUARTER_MS)),
    );
  });

  it('refuses a belief that contradicts an unchanged repeat', async () => {
    const sensor = await aSensor(app);
    await save(sensor, series([1], -QUARTER_MS));
    await save(sensor, series([1], -3 * QUARTER_MS));
    await expect(save(sensor, series([2], -3 * QUARTER_MS))).rejects.toMatchObject({
      code: 'INVALID_REPLACEMENT',
    });
    expect(await save(sensor, series([2], -3 * QUARTER_MS), true)).toEqual({ saved: 1, unchanged: 0 });
    expect(Array.from((await stored(sensor)).values)).toEqual([1, 2]);
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

/** A history as single statements, each with its whole distribution. */
function statementsOf(history: BeliefColumns): BeliefColumns[] {
  const rows = new Map<string, number[]>();
  for (const [index, row] of rowsOf(history).entries()) {
    const key = row.slice(0, 3).join(' ');
    rows.set(key, [...(rows.get(key) ?? []), index]);
  }
  return [...rows.values()].map((indices) => pickBeliefs(history, indices));
}

const shuffled = <T>(items: readonly T[], order: readonly number[]): T[] =>
  items
    .map((item, index) => ({ item, rank: order[index]! }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
