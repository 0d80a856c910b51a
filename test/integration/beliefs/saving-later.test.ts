import fc from 'fast-check';
import { BeliefsService } from '#lib/beliefs';
import { pickBeliefs, withoutUnknown, type BeliefColumns } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { timeoutMs, scaledRuns, seedOrDefault } from '../../harness/effort';
import { aSensor, aSource } from '../../harness/databases/factories';
import { histories, singleStatements } from './random-history';
import { StatementModel } from './statement-model';
import { inOrder, storedStatements } from './stored-statements';

jest.setTimeout(timeoutMs(240_000));

const START = Date.parse('2026-03-28T00:00Z');
const HOUR_MS = 3_600_000;

/** Larger batches are staged in the database. */
const MAX_IN_MEMORY = 50_000;

/** A belief: event in hours after the start, horizon in hours, value, and number of the source. */
type Row = [event: number, horizon: number, value: number, source?: number];

/** Batches that are saved one after the other. */
const CASES: [name: string, batches: Row[][]][] = [
  ['a statement that is saved twice', [[[0, 0, 1]], [[0, 0, 1]]]],
  ['a repeat that is saved twice', [[[0, 0, 1]], [[0, -1, 1]], [[0, -1, 1]]]],
  ['a repeat before the latest repeat', [[[0, 0, 1]], [[0, -2, 1]], [[0, -1, 1]]]],
  ['another value before the latest repeat', [[[0, 0, 1]], [[0, -2, 1]], [[0, -1, 2]]]],
  ['a repeat of the belief before the latest one', [[[0, 0, 1]], [[0, -2, 2]], [[0, -1, 1]], [[0, -3, 2]]]],
  ['a return to an older value', [[[0, 2, 1]], [[0, 1, 2]], [[0, 0.5, 1]]]],
  ['a contradiction of the latest belief', [[[0, 0, 1]], [[0, 0, 2]]]],
  ['a contradiction of the latest repeat', [[[0, 0, 1]], [[0, -1, 1]], [[0, -1, 2]]]],
  ['a first measurement that equals the last forecast', [[[0, 1, 1]], [[0, 0, 1]], [[0, -1, 1]]]],
  ['forecasts that come in after a measurement', [[[0, 0, 1]], [[0, 1, 1]], [[0, 2, 1]]]],
  ['a repeat of another source', [[[0, 0, 1, 0]], [[0, -1, 1, 1]], [[0, -1, 1, 0]]]],
  [
    'two statements of a batch about one event',
    [
      [[0, 0, 1]],
      [
        [0, -1, 1],
        [0, -2, 2],
      ],
      [
        [0, -3, 2],
        [0, -4, 1],
      ],
    ],
  ],
  [
    'two equal statements of a batch',
    [
      [
        [0, 0, 1],
        [0, 0, 1],
      ],
      [
        [0, -1, 1],
        [0, -1, 1],
      ],
    ],
  ],
  [
    'statements of two sources in a batch',
    [
      [
        [0, 0, 1, 0],
        [0, 0, 2, 1],
      ],
      [
        [0, -1, 2, 0],
        [0, -1, 2, 1],
      ],
    ],
  ],
  [
    'a missing value beside known ones',
    [
      [
        [0, 0, 1],
        [1, 0, NaN],
      ],
      [
        [0, -1, NaN],
        [1, -1, 1],
      ],
      [[0, -2, 1]],
    ],
  ],
  ['a negative zero', [[[0, 0, 0]], [[0, -1, -0]]]],
];

async function* streamOf(all: BeliefColumns): AsyncIterable<BeliefColumns> {
  for (let at = 0; at < all.values.length; at += 10_000) {
    const rows = Array.from({ length: Math.min(10_000, all.values.length - at) }, (_, i) => at + i);
    yield await Promise.resolve(pickBeliefs(all, rows));
  }
}

describe('saving beliefs that are later than those before', () => {
  let app: TestApp;
  let sourceIds: number[];

  beforeAll(async () => {
    app = await startTestApp();
    sourceIds = [await aSource(app), await aSource(app), await aSource(app)];
  });
  afterAll(() => app.close());

  const save = (
    sensor: Sensor,
    beliefs: BeliefColumns | AsyncIterable<BeliefColumns>,
    allowOverwrite = false,
  ) => app.get(BeliefsService).save(sensor, beliefs, { allowOverwrite });

  const stored = (sensor: Sensor): Promise<unknown[]> => storedStatements(app, sensor);
  const beliefs = (...rows: Row[]): BeliefColumns => ({
    eventStarts: Float64Array.from(rows, ([event]) => START + event * HOUR_MS),
    beliefHorizons: Float64Array.from(rows, ([, horizon]) => horizon * HOUR_MS),
    sourceIds: Int32Array.from(rows, ([, , , source = 0]) => sourceIds[source]!),
    cumulativeProbabilities: new Float64Array(rows.length).fill(0.5),
    values: Float64Array.from(rows, ([, , value]) => value),
  });

  /** Saves to a new sensor, one after the other, and compares with the reference model. */
  async function expectAsModel(...batches: BeliefColumns[]): Promise<void> {
    const sensor = await aSensor(app);
    const model = new StatementModel();
    for (const batch of batches) {
      const known = withoutUnknown(batch);
      if (model.contradicts(known)) {
        await expect(save(sensor, batch)).rejects.toMatchObject({ code: 'INVALID_REPLACEMENT' });
        continue;
      }
      const saved = model.save(known);
      const given = batch.values.length > MAX_IN_MEMORY ? streamOf(batch) : batch;
      expect(await save(sensor, given)).toEqual({ saved, unchanged: known.values.length - saved });
    }
    expect(await stored(sensor)).toEqual(inOrder(model.rowsWithRepeats));
  }

  it('stores what the reference model stores, with all repeats', async () => {
    const batch = fc.oneof(
      { arbitrary: singleStatements(sourceIds), weight: 4 },
      { arbitrary: histories(sourceIds), weight: 1 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 2, maxLength: 8 }), (batches) =>
        expectAsModel(...batches),
      ),
      { numRuns: scaledRuns(15), seed: seedOrDefault(20_261_130) },
    );
  });

  it('stores the same in whatever order clients save at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(singleStatements(sourceIds), { minLength: 2, maxLength: 6 }), async (all) => {
        const model = new StatementModel();
        const batches = all.filter((batch) => {
          const isFit = !model.contradicts(batch);
          if (isFit) model.save(batch);
          return isFit;
        });
        const sensor = await aSensor(app);
        await Promise.all(batches.map((batch) => save(sensor, batch)));
        expect(await stored(sensor)).toEqual(inOrder(model.rowsWithRepeats));
      }),
      { numRuns: scaledRuns(15), seed: seedOrDefault(20_261_201) },
    );
  });

  it.each(CASES)('handles %s', (_, batches) => expectAsModel(...batches.map((rows) => beliefs(...rows))));

  it('handles distributions', async () => {
    const points = (horizon: number, ...values: number[]): BeliefColumns => ({
      ...beliefs(...values.map((value): Row => [0, horizon, value])),
      cumulativeProbabilities: Float64Array.from([0.1, 0.5, 0.9].slice(0, values.length)),
    });
    await expectAsModel(points(3, 1, 2, 3), points(2, 1, 2, 3), points(1, 1), points(0, 1), points(-1, 1, 2));
    await expectAsModel(points(3, 1), points(2, 1), points(1, 1, 2), points(0.5, 1, 2), points(0.25, 1));
  });

  it('keeps the latest twenty repeats', async () => {
    const sensor = await aSensor(app);
    for (let i = 0; i <= 25; i++) await save(sensor, beliefs([0, -i, 1]));
    const horizons = Array.from({ length: 20 }, (_, i) => (i - 25) * HOUR_MS);
    expect(await stored(sensor)).toEqual([[START, 0, sourceIds[0], 0.5, 1, horizons]]);
  });

  it('overwrites what a batch contradicts, and adds the rest of it', async () => {
    const sensor = await aSensor(app);
    await save(sensor, beliefs([0, 0, 1], [1, 0, 1], [2, 0, 1]));
    const batch = beliefs([0, 0, 5], [1, -1, 1], [2, -1, 2], [3, 0, 1]);
    await expect(save(sensor, batch)).rejects.toMatchObject({
      code: 'INVALID_REPLACEMENT',
      message: expect.stringMatching(/^1 belief.* the first about 2026-03-28T01:00:00\+01:00/) as string,
    });
    expect(await stored(sensor)).toHaveLength(3);
    expect(await save(sensor, batch, true)).toEqual({ saved: 3, unchanged: 1 });
    expect((await stored(sensor)).map((row) => (row as unknown[]).slice(4))).toEqual([
      [5, null],
      [1, [-HOUR_MS]],
      [1, null],
      [2, null],
      [1, null],
    ]);
  });

  it('writes nothing of a contradicting batch in a transaction that goes on', async () => {
    const sensor = await aSensor(app);
    await save(sensor, beliefs([0, 0, 1], [1, 0, 1]));
    await app.get(Transactions).run(async () => {
      const contradicting = save(sensor, beliefs([0, 0, 2], [1, -1, 1], [2, 0, 1]));
      await expect(contradicting).rejects.toMatchObject({ code: 'INVALID_REPLACEMENT' });
    });
    expect(await stored(sensor)).toEqual([
      [START, 0, sourceIds[0], 0.5, 1, null],
      [START + HOUR_MS, 0, sourceIds[0], 0.5, 1, null],
    ]);
  });

  it('stores a batch that is too large for memory as the reference model does', async () => {
    const events = 30_000;
    const first = Array.from({ length: events }, (_, i): Row => [i, 2 - (i % 4), i % 3, i % 2]);
    const second = Array.from({ length: events }, (_, i): Row[] => {
      const value = i % 10 === 0 ? NaN : i % 5 === 0 ? 9 : i % 3;
      const later: Row = [i, -5, value, i % 2];
      if (i % 7 === 0) return [later, [i, -7, i % 3, i % 2], [i, -6, 4, i % 2]];
      return i % 11 === 0 ? [later, later, [i, -5, 1, 2]] : [later];
    }).flat();
    await expectAsModel(beliefs(...first), beliefs(...second, ...second.slice(0, 20_000)));
  });
});
