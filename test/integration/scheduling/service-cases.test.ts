import { BeliefsService } from '#lib/beliefs';
import { ScheduleStore, SiteSchedulingService, type SiteScheduleRequest } from '#lib/scheduling';
import type { SiteSchedule } from '#lib/scheduling/model';
import { SourcesService, type Sensor } from '#lib/sensors';
import { parseDuration } from '#lib/time';
import facts from '../../golden/scheduling-facts.json';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor, saveValues } from '../../harness/databases/factories';

const HOUR_MS = 3_600_000;
const BATTERY = { capacity_in_mw: 2, min_soc_in_mwh: 0, max_soc_in_mwh: 5 };

const socOf = ({ result }: { result: SiteSchedule }) => result.devices[0]!.socMwh!;
const factNamed = (id: string) => facts.cases.find((fact) => fact.id === id)!;

/** The golden cases about requests and stored schedules; the spec of the model has those about the model alone. */
describe('golden cases of requested and stored schedules', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const aBattery = async (
    start: string,
    attributes: object = BATTERY,
  ): Promise<{ sensor: Sensor; priceId: number }> => {
    const prices = await aSensor(app, {
      asset: await anAsset(app, { type: 'market' }),
      unit: 'EUR/MWh',
      eventResolutionMs: HOUR_MS,
    });
    await saveValues(
      app,
      prices,
      start,
      Array.from({ length: 48 }, (_, hour) => 50 + 10 * Math.sin(hour)),
    );
    return { sensor: await aSensor(app, { asset: await anAsset(app, { attributes }) }), priceId: prices.id };
  };

  const schedule = (
    start: string,
    { sensor, priceId }: { sensor: Sensor; priceId: number },
    flexModel: Record<string, unknown> = {},
    request: Partial<SiteScheduleRequest> = {},
  ) =>
    app.get(SiteSchedulingService).createSchedules({
      startMs: Date.parse(start),
      duration: parseDuration('PT24H'),
      flexModel: [{ sensor: sensor.id, ...flexModel }],
      flexContext: { 'consumption-price-sensor': priceId },
      beliefTimeMs: Date.parse(start) + 48 * HOUR_MS,
      ...request,
    });

  it('fm-job-battery: one value per step, under the name of the scheduler', async () => {
    const fact = factNamed('fm-job-battery');
    const battery = await aBattery(fact.start!);
    await schedule(fact.start!, battery, {}, { duration: parseDuration(fact.duration!) });
    const { name, type } = fact.data_source!;
    const sourceId = await app
      .get(SourcesService)
      .findOrCreate({ name, type, model: 'StorageScheduler', version: '1' });
    const stored = await app.get(BeliefsService).latestPerEvent(battery.sensor, { sourceIds: [sourceId] });
    expect(stored.values).toHaveLength(fact.expected_number_of_values!);
  });

  it('fm-job-custom: what another scheduler computes is stored the same way', async () => {
    const start = '2015-01-02T00:00:00+01:00';
    const { sensor } = await aBattery(start);
    const window = { startMs: Date.parse(start), stepMs: sensor.eventResolutionMs, steps: 96 };
    const scheduler = { author: 'Test Organization', model: 'DummyScheduler', version: '3' };
    const store = app.get(ScheduleStore);
    await store.save(
      sensor,
      window,
      new Float64Array(96).fill(2),
      await store.findOrCreateSource(scheduler),
      {
        beliefTimeMs: Date.parse(start),
        socAtStartMwh: 0,
      },
    );
    const stored = await app.get(BeliefsService).latestPerEvent(sensor, {});
    expect(Array.from(stored.values)).toEqual(Array(96).fill(-2));
  });

  it.each([
    ['repeats longer steps on shorter events', HOUR_MS, [1, -2], HOUR_MS / 4, [1, 1, 1, 1, -2, -2, -2, -2]],
    [
      'averages shorter steps over longer events',
      HOUR_MS / 4,
      [1, 0, 0, 1, -1, 0, 0, 0],
      HOUR_MS,
      [0.5, -0.25],
    ],
    ['rounds averages to a watt', HOUR_MS / 4, [0.1, 0.1, 0], (3 * HOUR_MS) / 4, [0.066667]],
    ['keeps steps as long as the events, to a watt', HOUR_MS, [0.1234567, 2], HOUR_MS, [0.123457, 2]],
  ])('%s', async (_name, stepMs, powerMw, eventResolutionMs, expected) => {
    const attributes = { ...BATTERY, consumption_is_positive: true };
    const sensor = await aSensor(app, { asset: await anAsset(app, { attributes }), eventResolutionMs });
    const window = { startMs: Date.parse('2026-03-28T23:00Z'), stepMs, steps: powerMw.length };
    const store = app.get(ScheduleStore);
    const sourceId = await store.findOrCreateSource({
      author: 'Test Organization',
      model: 'Steps',
      version: '1',
    });
    await store.save(sensor, window, Float64Array.from(powerMw), sourceId, {
      beliefTimeMs: window.startMs,
    });
    const stored = await app.get(BeliefsService).latestPerEvent(sensor, {});
    expect(Array.from(stored.values)).toEqual(expected);
    expect(stored.eventStarts[0]).toBe(window.startMs);
  });

  it('fm-api-invalid-2: names the field that is not a number', async () => {
    const fact = factNamed('fm-api-invalid-2');
    const start = '2015-01-01T00:00:00+01:00';
    const flexModel = { 'soc-at-start': 0, 'soc-min': fact.flex_model_change!['soc-min'] };
    await expect(schedule(start, await aBattery(start), flexModel)).rejects.toMatchObject({
      field: fact.expected_field,
      message: expect.stringContaining(fact.expected_message_contains!) as string,
    });
  });

  it('fm-soc-default: takes what is missing from where the facts say', async () => {
    expect(factNamed('fm-soc-default').facts).toHaveLength(7);
    const start = '2015-01-02T00:00:00+01:00';
    const startMs = Date.parse(start);
    const stored = { soc_in_mwh: 2.5, soc_datetime: '2015-01-01T23:00:00+00:00' };
    const withStoredSoc = await schedule(start, await aBattery(start, { ...BATTERY, ...stored }));
    expect(socOf(withStoredSoc)[0]).toBe(2.5);
    const empty = await schedule(start, await aBattery(start, { capacity_in_mw: 2, max_soc_in_mwh: 5 }));
    expect(socOf(empty)[0]).toBe(0);
    expect(Math.min(...socOf(empty))).toBeGreaterThanOrEqual(-1e-9);
    // 100 % efficient, full after 24 steps of 2 MW at 15 minutes at the latest, and never above the highest target.
    const socTargets = [{ value: 3, datetime: new Date(startMs + 30 * HOUR_MS).toISOString() }];
    const extended = await schedule(start, await aBattery(start, { capacity_in_mw: 2 }), {
      'soc-targets': socTargets,
    });
    expect(extended.window.steps).toBe(120);
    expect(Math.max(...socOf(extended))).toBeLessThanOrEqual(3 + 1e-9);
    expect(socOf(extended)[120]).toBeCloseTo(3, 6);
    const noMaximum = schedule(start, await aBattery(start, { capacity_in_mw: 2 }));
    await expect(noMaximum).rejects.toMatchObject({ field: 'soc-max' });
  });
});
