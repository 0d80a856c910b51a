import fc from 'fast-check';
import { BeliefMaintenanceService } from '#lib/beliefs';
import { emptyBeliefColumns, unchangedMask, type BeliefColumns } from '#lib/beliefs/model';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { scaledRuns, seedOrDefault } from '../../harness/effort';
import { aSensor, aSource } from '../../harness/databases/factories';
import { insertRawBeliefs, storedBeliefs } from '../../harness/databases/raw-beliefs';
import { histories } from './random-history';

const HOUR_MS = 3_600_000;
const EVENT = '2026-03-04T00:00:00.000Z';

describe('cleaning up beliefs', () => {
  let app: TestApp;
  let source: number;
  let other: number;
  const maintenance = () => app.get(BeliefMaintenanceService);

  beforeAll(async () => {
    app = await startTestApp();
    source = await aSource(app);
    other = await aSource(app);
  });
  afterAll(() => app.close());

  /** Beliefs of one source about one event, from the oldest to the newest. */
  const history = (values: [horizonHours: number, value: number][], of = source) =>
    values.map(([hours, value]) => ({ event: EVENT, horizonMs: hours * HOUR_MS, source: of, value }));
  const valuesOf = async (sensorId: number) =>
    (await storedBeliefs(app, sensorId)).map(({ horizonMs, value }) => [horizonMs / HOUR_MS, value]);

  it('deletes only measurements, or only forecasts, of the given sensors', async () => {
    const sensor = await aSensor(app);
    const neighbour = await aSensor(app);
    for (const { id } of [sensor, neighbour])
      await insertRawBeliefs(
        app,
        id,
        history([
          [1, 5],
          [0, 6],
          [-1, 7],
        ]),
      );
    expect(await maintenance().count({ sensorIds: [sensor.id], kind: 'measurements' })).toBe(2);
    expect(await maintenance().delete({ sensorIds: [sensor.id], kind: 'measurements' })).toBe(2);
    expect(await valuesOf(sensor.id)).toEqual([[1, 5]]);
    expect(await maintenance().delete({ sensorIds: [sensor.id, neighbour.id], kind: 'forecasts' })).toBe(2);
    expect(await valuesOf(sensor.id)).toEqual([]);
    expect(await valuesOf(neighbour.id)).toEqual([
      [0, 6],
      [-1, 7],
    ]);
  });

  it('deletes nothing when one of the sensors does not exist', async () => {
    const { id } = await aSensor(app);
    await insertRawBeliefs(app, id, history([[0, 6]]));
    const selection = { sensorIds: [id, 999_999], kind: 'measurements' as const };
    await expect(maintenance().delete(selection)).rejects.toMatchObject({ code: 'SENSOR_NOT_FOUND' });
    expect(await valuesOf(id)).toEqual([[0, 6]]);
  });

  it('deletes beliefs whose value is NaN or infinite', async () => {
    const { id } = await aSensor(app);
    await insertRawBeliefs(
      app,
      id,
      history([
        [2, NaN],
        [1, 5],
        [0, NaN],
        [-1, Infinity],
        [-2, -Infinity],
      ]),
    );
    expect(await maintenance().delete({ sensorIds: [id], nonFiniteOnly: true })).toBe(4);
    expect(await valuesOf(id)).toEqual([[1, 5]]);
  });

  it('deletes beliefs that repeat the previous one of their source, but keeps the first forecast and measurement', async () => {
    const { id } = await aSensor(app);
    const mine: [number, number][] = [
      [3, 5],
      [2, 5],
      [1, 6],
      [0, 6],
      [-1, 6],
      [-2, 5],
    ];
    await insertRawBeliefs(app, id, [
      ...history(mine),
      ...history(
        [
          [3, 5],
          [2.5, 5],
        ],
        other,
      ),
    ]);
    expect(await maintenance().countUnchanged(['forecasts', 'measurements'], [id])).toEqual({
      forecasts: 2,
      measurements: 1,
    });
    expect(await maintenance().deleteUnchanged(['forecasts'], [id])).toEqual({
      forecasts: 2,
      measurements: 0,
    });
    expect(await valuesOf(id)).toEqual([
      [3, 5],
      [3, 5],
      [1, 6],
      [0, 6],
      [-1, 6],
      [-2, 5],
    ]);
    expect(await maintenance().deleteUnchanged(['measurements'])).toEqual({ forecasts: 0, measurements: 1 });
    expect(await valuesOf(id)).toEqual([
      [3, 5],
      [3, 5],
      [1, 6],
      [0, 6],
      [-2, 5],
    ]);
  });

  it('compares distributions as a whole', async () => {
    const { id } = await aSensor(app);
    const belief = (horizonMs: number, probability: number, value: number) => ({
      ...{ event: EVENT, source, horizonMs, probability, value },
    });
    await insertRawBeliefs(app, id, [
      ...[belief(3, 0.2, 1), belief(3, 0.8, 2)],
      ...[belief(2, 0.2, 1), belief(2, 0.8, 2)],
      ...[belief(1, 0.2, 1), belief(1, 0.8, 3)],
    ]);
    expect(await maintenance().deleteUnchanged(['forecasts'], [id])).toEqual({
      forecasts: 2,
      measurements: 0,
    });
    expect((await storedBeliefs(app, id)).map(({ horizonMs }) => horizonMs)).toEqual([3, 3, 1, 1]);
  });

  it('finds the same unchanged beliefs as the reference model for any history', async () => {
    await fc.assert(
      fc.asyncProperty(histories([source, other, other + 1]), async (beliefs) => {
        const { id } = await aSensor(app, { eventResolutionMs: HOUR_MS });
        await insertRawBeliefs(app, id, rowsOf(beliefs));
        const mask = unchangedMask(beliefs, emptyBeliefColumns());
        const { forecasts, measurements } = await maintenance().deleteUnchanged(
          ['forecasts', 'measurements'],
          [id],
        );
        expect(forecasts + measurements).toBe(mask.reduce((sum, flag) => sum + flag, 0));
        const kept = rowsOf(beliefs).filter((_, row) => mask[row] === 0);
        const stored = await storedBeliefs(app, id);
        expect(new Set(stored.map((row) => JSON.stringify(row)))).toEqual(
          new Set(kept.map((row) => JSON.stringify(row))),
        );
      }),
      { numRuns: scaledRuns(12), seed: seedOrDefault(20_260_331) },
    );
  });
});

const rowsOf = (beliefs: BeliefColumns) =>
  Array.from(beliefs.values, (value, row) => ({
    event: new Date(beliefs.eventStarts[row]!).toISOString(),
    horizonMs: beliefs.beliefHorizons[row]!,
    source: beliefs.sourceIds[row]!,
    probability: beliefs.cumulativeProbabilities[row]!,
    value,
  }));
