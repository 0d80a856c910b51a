import fc from 'fast-check';
import { BeliefResamplingService, BeliefsService, type ResamplingWindow } from '#lib/beliefs';
import { concatBeliefs, pickBeliefs, type BeliefColumns } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { SensorsService, type Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { scaledRuns, seedOrDefault, timeoutMs } from '../../harness/effort';
import { aSensor, aSource } from '../../harness/databases/factories';
import { insertRawBeliefs, storedBeliefs, type StoredBelief } from '../../harness/databases/raw-beliefs';
import { histories, rowsOf } from './random-history';
import { StatementModel } from './statement-model';
import { inOrder, storedStatements } from './stored-statements';

jest.setTimeout(timeoutMs(240_000));

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('resampling beliefs', () => {
  let app: TestApp;
  let source: number;
  let other: number;

  beforeAll(async () => {
    app = await startTestApp();
    source = await aSource(app);
    other = await aSource(app);
  });
  afterAll(() => app.close());

  const resample = (sensor: Sensor, resolutionMs: number, window?: ResamplingWindow) =>
    app.get(BeliefResamplingService).resample([sensor.id], resolutionMs, window);
  const resolutionOf = async ({ id }: Sensor) => (await app.get(SensorsService).get(id)).eventResolutionMs;

  /** Consecutive values from a moment on, with one horizon, or with one belief time. */
  async function put(
    sensor: Sensor,
    start: string,
    values: number[],
    { of = source, horizonMs = 0, believedAt }: { of?: number; horizonMs?: number; believedAt?: string } = {},
  ): Promise<void> {
    const stepMs = sensor.eventResolutionMs;
    const beliefs = values.map((value, index) => {
      const eventMs = Date.parse(start) + index * stepMs;
      const horizon = believedAt === undefined ? horizonMs : eventMs + stepMs - Date.parse(believedAt);
      return { event: new Date(eventMs).toISOString(), horizonMs: horizon, source: of, value };
    });
    await insertRawBeliefs(app, sensor.id, beliefs);
  }

  /** Event start, horizon in minutes and value of everything stored. */
  const rows = async ({ id }: Sensor): Promise<[string, number, number][]> =>
    (await storedBeliefs(app, id)).map(toRow);
  const toRow = ({ event, horizonMs, value }: StoredBelief): [string, number, number] => [
    event.replace(':00.000Z', 'Z'),
    horizonMs / MINUTE_MS,
    value,
  ];

  it('averages a flow, and keeps measurements as measurements', async () => {
    const sensor = await aSensor(app);
    await put(sensor, '2026-03-04T10:00Z', [1, 2, 3, 6, 4, 4, 4, 8]);
    const [result] = await resample(sensor, HOUR_MS);
    expect(await rows(sensor)).toEqual([
      ['2026-03-04T10:00Z', 0, 3],
      ['2026-03-04T11:00Z', 0, 5],
    ]);
    expect(result).toMatchObject({ before: { count: 8, mean: 4 }, after: { count: 2, mean: 4 } });
    expect(await resolutionOf(sensor)).toBe(HOUR_MS);
  });

  it.each([
    [undefined, []],
    // Believed at 11:15, when the first quarter of the hour was over.
    ['scale' as const, [['2026-03-04T11:00Z', 45, 16]]],
  ])('sums the values of a stock, and tells of partly known sums with rule %s', async (partial, partly) => {
    const sensor = await aSensor(app, { unit: 'kWh' });
    await put(sensor, '2026-03-04T10:00Z', [1, 2, 3, 6, 4]);
    const [result] = await resample(sensor, HOUR_MS, { partial });
    expect(result).toMatchObject({ partialEvents: 1 });
    expect(await rows(sensor)).toEqual([['2026-03-04T10:00Z', 0, 12], ...partly]);
  });

  it('keeps the beliefs of each source from the time on at which it knew the whole event', async () => {
    const sensor = await aSensor(app);
    await put(sensor, '2026-03-04T10:00Z', [1, 2, 3, 6], { believedAt: '2026-03-04T06:00Z' });
    await put(sensor, '2026-03-04T10:15Z', [10], { believedAt: '2026-03-04T09:00Z' });
    await put(sensor, '2026-03-04T10:00Z', [0, 0, 0, 8], { of: other, horizonMs: 24 * HOUR_MS });
    await resample(sensor, HOUR_MS);
    const stored = await storedBeliefs(app, sensor.id);
    expect(stored.map((row) => [row.source, row.horizonMs / HOUR_MS, row.value])).toEqual([
      [other, 24, 2],
      [source, 5, 3],
      [source, 2, 5],
    ]);
  });

  it('combines distributions as independent distributions', async () => {
    const sensor = await aSensor(app, { eventResolutionMs: 30 * MINUTE_MS });
    const half = (event: string, low: number, high: number) => [
      { event, source, horizonMs: HOUR_MS, probability: 0.5, value: low },
      { event, source, horizonMs: HOUR_MS, probability: 1, value: high },
    ];
    await insertRawBeliefs(app, sensor.id, [
      ...half('2026-03-04T10:00:00Z', 0, 2),
      ...half('2026-03-04T10:30:00Z', 0, 4),
    ]);
    await resample(sensor, HOUR_MS);
    const stored = await storedBeliefs(app, sensor.id);
    // Sums 0, 2, 4 and 6 with a quarter of the probability each; halved.
    expect(stored.map(({ probability, value }) => [probability, value])).toEqual([
      [0.25, 0],
      [0.5, 1],
      [0.75, 2],
      [1, 3],
    ]);
    expect(stored.every(({ horizonMs }) => horizonMs === HOUR_MS)).toBe(true);
  });

  it('repeats a flow and splits a stock, and keeps belief times', async () => {
    const power = await aSensor(app, { eventResolutionMs: HOUR_MS });
    const energy = await aSensor(app, { eventResolutionMs: HOUR_MS, unit: 'MWh' });
    for (const sensor of [power, energy]) {
      await put(sensor, '2026-03-04T10:00Z', [8]);
      await resample(sensor, 15 * MINUTE_MS);
    }
    // All were believed at 11:00.
    const quarters = (value: number) =>
      ['00', '15', '30', '45'].map((minute, i) => [`2026-03-04T10:${minute}Z`, -45 + 15 * i, value]);
    expect(await rows(power)).toEqual(quarters(8));
    expect(await rows(energy)).toEqual(quarters(2));
  });

  it('counts days by the clock of the sensor: 23 hours when it goes forward, 25 when it goes back', async () => {
    const sensor = await aSensor(app, { eventResolutionMs: HOUR_MS });
    // 29 March 2026 in Amsterdam: 23 hours from 23:00Z on; (11 * 1 + 12 * 24) / 23 = 13.
    await put(sensor, '2026-03-28T23:00Z', [
      ...new Array<number>(11).fill(1),
      ...new Array<number>(12).fill(24),
      ...new Array<number>(24).fill(5),
    ]);
    const energy = await aSensor(app, { eventResolutionMs: HOUR_MS, unit: 'kWh' });
    // 25 October 2026: 25 hours from 22:00Z on.
    await put(energy, '2026-10-24T22:00Z', new Array<number>(25 + 24).fill(2));
    await resample(sensor, DAY_MS);
    await resample(energy, DAY_MS);
    // An event is over 24 hours after its start, whatever the clock says, when it was measured an hour earlier.
    expect(await rows(sensor)).toEqual([
      ['2026-03-28T23:00Z', 60, 13],
      ['2026-03-29T22:00Z', 0, 5],
    ]);
    expect(await rows(energy)).toEqual([
      ['2026-10-24T22:00Z', -60, 50],
      ['2026-10-25T23:00Z', 0, 48],
    ]);
  });

  it('resamples such days back to hours', async () => {
    const sensor = await aSensor(app, { eventResolutionMs: HOUR_MS, unit: 'kWh' });
    await put(sensor, '2026-03-28T23:00Z', new Array<number>(23 + 24).fill(2));
    await put(sensor, '2026-10-24T22:00Z', new Array<number>(25).fill(2));
    const before = (await rows(sensor)).map(([event, , value]) => [event, value]);
    await resample(sensor, DAY_MS);
    await resample(await app.get(SensorsService).get(sensor.id), HOUR_MS);
    expect((await rows(sensor)).map(([event, , value]) => [event, value])).toEqual(before);
  });

  it('handles hours that occur twice on the local clock', async () => {
    const sensor = await aSensor(app);
    await put(sensor, '2026-10-25T00:00Z', [1, 1, 1, 1, 2, 2, 2, 2]);
    await resample(sensor, HOUR_MS);
    expect(await rows(sensor)).toEqual([
      ['2026-10-25T00:00Z', 0, 1],
      ['2026-10-25T01:00Z', 0, 2],
    ]);
  });

  it('keeps other knowledge horizons', async () => {
    const knowledgeHorizonPar = { x: 1, y: 12, z: 'Europe/Paris' };
    const sensor = await aSensor(app, {
      ...{ unit: 'EUR/MWh', eventResolutionMs: HOUR_MS, timezone: 'UTC' },
      ...{ knowledgeHorizonFnc: 'x_days_ago_at_y_oclock', knowledgeHorizonPar },
    });
    await put(sensor, '2026-03-04T10:00Z', [10, 30], { horizonMs: 3 * HOUR_MS });
    await resample(sensor, 2 * HOUR_MS);
    expect(await rows(sensor)).toEqual([['2026-03-04T10:00Z', 180, 20]]);
  });

  it.each([
    [HOUR_MS, { startMs: Date.parse('2026-03-04T10:00Z') }, '4 of 9'],
    [HOUR_MS, { endMs: Date.parse('2026-03-04T11:00Z') }, '1 of 9'],
    // The last quarter begins in the window, but ends outside.
    [5 * MINUTE_MS, { endMs: Date.parse('2026-03-04T11:05Z') }, '1 of 9'],
  ])(
    'refuses a resolution of %d ms within %j when there are beliefs outside',
    async (resolutionMs, window, which) => {
      const [first, sensor] = [await aSensor(app), await aSensor(app)];
      await put(first, '2026-03-04T10:00Z', [1, 2]);
      await put(sensor, '2026-03-04T09:00Z', [1, 1, 1, 1, 1, 2, 3, 6, 9]);
      const before = [await rows(first), await rows(sensor)];
      const refused = app.get(BeliefResamplingService).resample([first.id, sensor.id], resolutionMs, window);
      await expect(refused).rejects.toMatchObject({
        code: 'BELIEFS_OUTSIDE',
        message: expect.stringContaining(`${which} stored beliefs`) as string,
      });
      expect([await rows(first), await rows(sensor)]).toEqual(before);
      expect([await resolutionOf(first), await resolutionOf(sensor)]).toEqual([
        15 * MINUTE_MS,
        15 * MINUTE_MS,
      ]);
    },
  );

  it('resamples within a window when there are no beliefs outside', async () => {
    const sensor = await aSensor(app);
    await put(sensor, '2026-03-04T10:00Z', [1, 2, 3, 6]);
    await resample(sensor, HOUR_MS, {
      startMs: Date.parse('2026-03-04T10:00Z'),
      endMs: Date.parse('2026-03-04T11:00Z'),
    });
    expect(await rows(sensor)).toEqual([['2026-03-04T10:00Z', 0, 3]]);
  });

  it('keeps beliefs outside the window, if requested', async () => {
    const sensor = await aSensor(app);
    await put(sensor, '2026-03-04T09:00Z', [1, 1, 1, 1, 1, 2, 3, 6, 9]);
    await resample(sensor, HOUR_MS, {
      startMs: Date.parse('2026-03-04T10:00Z'),
      endMs: Date.parse('2026-03-04T11:00Z'),
      leaveOutside: true,
    });
    expect((await rows(sensor)).map(([event, , value]) => [event.slice(11), value])).toEqual([
      ...[
        ['09:00Z', 1],
        ['09:15Z', 1],
        ['09:30Z', 1],
        ['09:45Z', 1],
      ],
      ...[
        ['10:00Z', 3],
        ['11:00Z', 9],
      ],
    ]);
  });

  it.each([
    [45 * MINUTE_MS, {}, 'INCOMPATIBLE_RESOLUTION'],
    [HOUR_MS, { startMs: Date.parse('2026-03-04T10:15Z') }, 'OFF_GRID'],
    [HOUR_MS, { endMs: Date.parse('2026-03-04T10:15Z') }, 'OFF_GRID'],
  ])('refuses a resolution of %d ms within %j, and changes nothing', async (resolutionMs, window, code) => {
    const [first, sensor] = [await aSensor(app), await aSensor(app, { eventResolutionMs: 30 * MINUTE_MS })];
    for (const each of [first, sensor]) await put(each, '2026-03-04T10:00Z', [1, 2]);
    const before = await rows(sensor);
    const resampling = app.get(BeliefResamplingService);
    await expect(resampling.resample([first.id, sensor.id], resolutionMs, window)).rejects.toMatchObject({
      code,
    });
    expect(await rows(sensor)).toEqual(before);
    expect(await rows(first)).toHaveLength(2);
    expect([await resolutionOf(first), await resolutionOf(sensor)]).toEqual([15 * MINUTE_MS, 30 * MINUTE_MS]);
  });

  describe('of instants', () => {
    const instant = (event: string, value: number, horizonMs = 0, of = source) => ({
      event: `2026-03-04T${event}:00Z`,
      value,
      horizonMs,
      source: of,
    });

    it('averages instants, also for a level', async () => {
      const sensor = await aSensor(app, { eventResolutionMs: 0, unit: 'kWh' });
      await insertRawBeliefs(app, sensor.id, [
        ...[instant('10:00', 4), instant('10:07', 5), instant('10:59', 6), instant('11:00', 9)],
        instant('13:30', 2),
      ]);
      const [result] = await resample(sensor, HOUR_MS);
      expect(await rows(sensor)).toEqual([
        ['2026-03-04T10:00Z', 0, 5],
        ['2026-03-04T11:00Z', 0, 9],
        ['2026-03-04T13:00Z', 0, 2],
      ]);
      expect(result).toMatchObject({ before: { count: 5 }, after: { count: 3 } });
      expect(await resolutionOf(sensor)).toBe(HOUR_MS);
    });

    it('keeps forecasts as forecasts, late readings late, and sources separate', async () => {
      const sensor = await aSensor(app, { eventResolutionMs: 0, unit: '°C' });
      await insertRawBeliefs(app, sensor.id, [
        // Forecast at 08:00.
        ...[instant('10:00', 1, 2 * HOUR_MS, other), instant('10:30', 3, 2.5 * HOUR_MS, other)],
        // Read at once, and the first one corrected within the hour: only what was known at its end counts.
        ...[instant('10:00', 10), instant('10:30', 20), instant('10:00', 12, -45 * MINUTE_MS)],
        // Read a day late.
        instant('10:30', 30, -24 * HOUR_MS),
      ]);
      await resample(sensor, HOUR_MS);
      const stored = await storedBeliefs(app, sensor.id);
      expect(stored.map((row) => [row.source, row.horizonMs / MINUTE_MS, row.value])).toEqual([
        [other, 180, 2],
        [source, 0, 16],
        [source, -24 * 60 + 30, 21],
      ]);
    });

    it('counts days by the clock of the sensor', async () => {
      const sensor = await aSensor(app, { eventResolutionMs: 0, unit: '°C' });
      await insertRawBeliefs(app, sensor.id, [
        { event: '2026-03-28T23:00:00Z', value: 1, horizonMs: 0, source },
        { event: '2026-03-29T21:59:00Z', value: 3, horizonMs: 0, source },
        { event: '2026-03-29T22:00:00Z', value: 7, horizonMs: 0, source },
      ]);
      await resample(sensor, DAY_MS);
      expect((await rows(sensor)).map(([event, , value]) => [event, value])).toEqual([
        ['2026-03-28T23:00Z', 2],
        ['2026-03-29T22:00Z', 7],
      ]);
    });
  });

  describe('of beliefs with repeats', () => {
    /** Values of consecutive events from 10:00 on that were all believed at a time of that day. */
    const save = (sensor: Sensor, believedAt: string, values: number[]) => {
      const stepMs = sensor.eventResolutionMs;
      const starts = Float64Array.from(values, (_, i) => Date.parse('2026-03-04T10:00Z') + i * stepMs);
      return app.get(BeliefsService).save(sensor, {
        eventStarts: starts,
        beliefHorizons: starts.map((start) => start + stepMs - Date.parse(`2026-03-04T${believedAt}Z`)),
        sourceIds: new Int32Array(values.length).fill(source),
        cumulativeProbabilities: new Float64Array(values.length).fill(0.5),
        values: Float64Array.from(values),
      });
    };
    const latest = async (sensor: Sensor): Promise<number[]> =>
      Array.from((await app.get(BeliefsService).latestPerEvent(sensor, {})).values);

    it.each([
      ['longer', HOUR_MS, [7]],
      ['shorter', 5 * MINUTE_MS, Array<number>(12).fill(7)],
    ])('lets no late belief outlive a later repeat about %s events', async (_, resolutionMs, late) => {
      const sensor = await aSensor(app);
      await save(sensor, '12:00', [1, 2, 3, 6]);
      expect(await save(sensor, '14:00', [1, 2, 3, 6])).toEqual({ saved: 0, unchanged: 4 });
      await resample(sensor, resolutionMs);
      const resampled = await app.get(SensorsService).get(sensor.id);
      const before = await latest(resampled);
      expect(await save(resampled, '13:00', late)).toMatchObject({ saved: late.length });
      expect(await latest(resampled)).toEqual(before);
    });

    it('keeps the repeats that the beliefs would have had about events of the new length', async () => {
      const sourceIds = [source, other, await aSource(app)];
      await fc.assert(
        fc.asyncProperty(
          fc.array(histories(sourceIds), { minLength: 3, maxLength: 5 }),
          fc.boolean(),
          async (all, isSplit) => {
            const sensor = await aSensor(app, { eventResolutionMs: isSplit ? HOUR_MS : 15 * MINUTE_MS });
            const history = withoutSameTimes(concatBeliefs(all));
            await app.get(BeliefsService).save(sensor, history);
            await resample(sensor, isSplit ? HOUR_MS / 2 : HOUR_MS);
            const model = new StatementModel();
            model.save(isSplit ? halvesOf(history) : asFirstPartOfHours(history));
            expect(await storedStatements(app, sensor)).toEqual(inOrder(model.rowsWithRepeats));
          },
        ),
        { numRuns: scaledRuns(10), seed: seedOrDefault(20_261_202) },
      );
    });

    /** Of the beliefs of a source about an event with the same belief time, the first point only. */
    function withoutSameTimes(history: BeliefColumns): BeliefColumns {
      const keys = rowsOf(history).map((row) => row.slice(0, 3).join(' '));
      return pickBeliefs(
        history,
        [...keys.keys()].filter((row) => keys.indexOf(keys[row]!) === row),
      );
    }

    /** Mean powers of hours as those of half hours, which are known at their ends. */
    const halvesOf = (history: BeliefColumns): BeliefColumns =>
      concatBeliefs([
        { ...history, beliefHorizons: history.beliefHorizons.map((horizon) => horizon - HOUR_MS / 2) },
        { ...history, eventStarts: history.eventStarts.map((start) => start + HOUR_MS / 2) },
      ]);

    /** Mean powers of the first quarters of hours, the only known ones, as those of the hours. */
    const asFirstPartOfHours = (history: BeliefColumns): BeliefColumns => ({
      ...history,
      beliefHorizons: history.beliefHorizons.map((horizon) => horizon + 45 * MINUTE_MS),
    });
  });

  it('previews the result without changing anything', async () => {
    const sensor = await aSensor(app);
    await put(sensor, '2026-03-04T10:00Z', [1, 2, 3, 6]);
    const preview = await app.get(BeliefResamplingService).preview([sensor.id], HOUR_MS);
    expect(preview).toMatchObject([{ before: { count: 4, mean: 3 }, after: { count: 1, mean: 3 } }]);
    expect(await rows(sensor)).toHaveLength(4);
    expect(await resolutionOf(sensor)).toBe(15 * MINUTE_MS);
  });

  it.each([
    ['to hours', HOUR_MS, 834],
    ['and back to minutes', MINUTE_MS, 834 * 60],
  ])('resamples more beliefs than fit into one batch %s', async (_, resolutionMs, count) => {
    const sensor = await manyMinutes();
    const [result] = await resample(sensor, HOUR_MS);
    expect(result?.after.count).toBe(834);
    if (resolutionMs === MINUTE_MS) await resample(await app.get(SensorsService).get(sensor.id), MINUTE_MS);
    const [sums] = await app.get(Transactions).query<{ count: string; events: string; mean: number }>(
      `SELECT count(*), count(DISTINCT event_start) AS events, avg(event_value) AS mean
         FROM timed_belief WHERE sensor_id = $1`,
      [sensor.id],
    );
    expect([Number(sums?.count), Number(sums?.events)]).toEqual([count, count]);
    expect(sums?.mean).toBeCloseTo(29.5, 9);
  });

  /** 50,040 minutes, 834 hours, each minute with its number in the hour. */
  async function manyMinutes(): Promise<Sensor> {
    const sensor = await aSensor(app, { eventResolutionMs: MINUTE_MS });
    await app.get(Transactions).query(
      `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, event_value)
       SELECT $1, timestamptz '2026-03-01T00:00Z' + minute * interval '1 minute', 0, $2, minute % 60
       FROM generate_series(0, 834 * 60 - 1) AS minute`,
      [sensor.id, source],
    );
    return sensor;
  }
});
