import { setTimeout as sleep } from 'node:timers/promises';
import { AssetsService } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { JobsService } from '#lib/queues';
import {
  ScheduleJobHandler,
  ScheduleJobsService,
  SiteSchedulingService,
  type SiteScheduleRequest,
} from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { parseDuration } from '#lib/time';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor, aSource, saveValues } from '../../harness/databases/factories';

const START = '2026-03-04T06:00:00Z';
const HOUR_MS = 3_600_000;
const BATTERY = { capacity_in_mw: 1, max_soc_in_mwh: 2 };
const LATER = Date.parse('2026-03-06T00:00Z');

describe('scheduling a storage device', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const aPrice = async (values: number[], unit = 'EUR/MWh'): Promise<Sensor> => {
    const sensor = await aSensor(app, {
      asset: await anAsset(app, { type: 'market' }),
      unit,
      eventResolutionMs: HOUR_MS,
    });
    await saveValues(app, sensor, START, values);
    return sensor;
  };

  const aBattery = async (
    options: Parameters<typeof aSensor>[1] = {},
    attributes: object = BATTERY,
  ): Promise<Sensor> => aSensor(app, { ...options, asset: await anAsset(app, { attributes }) });

  type Request = Partial<Omit<SiteScheduleRequest, 'flexModel'>> & { flexModel?: Record<string, unknown> };

  const schedule = (sensor: Sensor, { flexModel = { 'soc-at-start': 0 }, ...request }: Request) =>
    app.get(SiteSchedulingService).createSchedules({
      startMs: Date.parse(START),
      duration: parseDuration('PT2H'),
      flexModel: [{ sensor: sensor.id, ...flexModel }],
      flexContext: {},
      beliefTimeMs: LATER,
      ...request,
    });

  const stored = async (sensor: Sensor): Promise<number[]> => {
    const { values } = await app
      .get(BeliefsService)
      .latestPerEvent(sensor, { eventStartsAfterMs: Date.parse(START) });
    return Array.from(values);
  };

  it('stores production as positive, unless the sensor states otherwise', async () => {
    const flexContext = { 'consumption-price-sensor': (await aPrice([1, 5])).id };
    const usual = await aBattery();
    await schedule(usual, { flexContext });
    expect(await stored(usual)).toEqual([-1, -1, -1, -1, 1, 1, 1, 1]);
    const flipped = await aBattery({ attributes: { consumption_is_positive: true } });
    await schedule(flipped, { flexContext });
    expect(await stored(flipped)).toEqual([1, 1, 1, 1, -1, -1, -1, -1]);
  });

  it('knows what was known when the schedule was triggered, however late the job runs', async () => {
    const price = await aPrice([1, 5]);
    const battery = await aBattery();
    const jobs = app.get(ScheduleJobsService);
    const { id } = await jobs.trigger({
      start: START,
      duration: 'PT2H',
      flexModel: [{ sensor: battery.id, 'soc-at-start': 0 }],
      flexContext: { 'consumption-price-sensor': price.id },
    });
    await sleep(5);
    // The first price is corrected now, before a worker begins.
    await saveValues(app, price, START, [9], { horizonMs: Date.parse(START) + HOUR_MS - Date.now() });
    await sleep(5);
    const job = await app.get(JobsService).find(id);
    const store = await app.get(ScheduleJobHandler).handle(job!.payload);
    await store();
    expect(await stored(battery)).toEqual([-1, -1, -1, -1, 1, 1, 1, 1]);
  });

  it('stores power in the unit of the sensor', async () => {
    const sensor = await aBattery({ unit: 'kW' });
    await schedule(sensor, { flexContext: { 'consumption-price-sensor': (await aPrice([1, 5])).id } });
    expect((await stored(sensor))[0]).toBe(-1000);
  });

  it('converts energy units of prices, and refuses different currencies', async () => {
    const consumption = await aPrice([0.001, 0.005], 'EUR/kWh');
    const production = await aPrice([1, 3]);
    const flexContext = {
      'consumption-price-sensor': consumption.id,
      'production-price-sensor': production.id,
    };
    const { result, currency } = await schedule(await aBattery(), { flexContext });
    expect(currency).toBe('EUR');
    expect(result.cost).toBeCloseTo(1 - 3, 9);
    const won = await aPrice([1, 3], 'KRW/MWh');
    await expect(
      schedule(await aBattery(), { flexContext: { ...flexContext, 'production-price-sensor': won.id } }),
    ).rejects.toMatchObject({ code: 'INVALID_UNIT', field: 'production-price-sensor' });
  });

  it('uses the market of the asset when the request has no price sensor', async () => {
    const market = await aPrice([1, 5]);
    const sensor = await aBattery({}, { ...BATTERY, market_id: market.id });
    expect((await schedule(sensor, {})).result.cost).toBeCloseTo(-4, 9);
    await expect(schedule(await aBattery(), {})).rejects.toMatchObject({ code: 'UNKNOWN_MARKET' });
  });

  it('reads inflexible devices with their sign, and uses 0 for missing values', async () => {
    const load = await aSensor(app, { unit: 'kW' });
    await saveValues(app, load, START, [-500, -500, -500, -500, NaN, -500, -500, -500]);
    const prices = {
      'consumption-price-sensor': (await aPrice([1, 5])).id,
      'production-price-sensor': (await aPrice([0, 0])).id,
    };
    const flexContext = { ...prices, 'inflexible-device-sensors': [load.id] };
    const { result, warnings } = await schedule(await aBattery({}, { ...BATTERY, capacity_in_mw: 2 }), {
      flexContext,
    });
    expect(warnings).toEqual([expect.stringContaining('has 1 unknown value(s)')]);
    // Consumption is worth avoiding only up to the load of 0.5 MW, for three quarters of an hour.
    expect(result.cost).toBeCloseTo(0.5 * 1 + 0.375 * 1, 6);
  });

  it('takes the mean of the power that an inflexible device has at instants of a step', async () => {
    const load = await aSensor(app, { unit: 'kW', eventResolutionMs: 0 });
    const sourceId = await aSource(app);
    const at = (minutes: number) => new Date(Date.parse(START) + minutes * 60_000).toISOString();
    for (const [minutes, kw] of [
      [10, -200],
      [50, -600],
      [75, -100],
    ] as const)
      await saveValues(app, load, at(minutes), [kw], { sourceId });
    const flexContext = {
      'consumption-price': '1 EUR/MWh',
      'inflexible-device-sensors': [load.id],
    };
    const battery = await aBattery({ eventResolutionMs: HOUR_MS });
    const { result, warnings } = await schedule(battery, { flexContext });
    expect(warnings).toEqual([]);
    expect(result.cost).toBeCloseTo(0.4 + 0.1, 9);
  });

  it('takes the power of an inflexible device once: refuses one that is named twice', async () => {
    const load = await aSensor(app, { unit: 'kW' });
    await saveValues(app, load, START, [-500, -500, -500, -500, NaN, -500, -500, -500]);
    const costOf = async (ids: number[]) => {
      const flexContext = {
        'consumption-price-sensor': (await aPrice([1, 5])).id,
        'production-price-sensor': (await aPrice([0, 0])).id,
        'inflexible-device-sensors': ids,
      };
      const battery = await aBattery({}, { ...BATTERY, capacity_in_mw: 0 });
      const { result, warnings } = await schedule(battery, { flexContext });
      expect(warnings).toEqual([expect.stringContaining('has 1 unknown value(s)')]);
      return result.cost;
    };
    const once = await costOf([load.id]);
    expect(once).toBeGreaterThan(0);
    await expect(costOf([load.id, load.id])).rejects.toMatchObject({
      field: 'inflexible-device-sensors.1',
      message: expect.stringContaining(`sensor ${load.id} is in the list twice`) as string,
    });
  });

  it('keeps a capacity that was last recorded before the schedule, as known at the belief time', async () => {
    const capacity = await aSensor(app, { unit: 'kW', eventResolutionMs: 0 });
    const sourceId = await aSource(app);
    const [dayBefore, hourBefore] = ['2026-03-03T06:00:00Z', '2026-03-04T05:00:00Z'];
    await saveValues(app, capacity, dayBefore, [-200], { sourceId });
    await saveValues(app, capacity, hourBefore, [900], { sourceId });
    const flexContext = {
      'consumption-price': '-1 EUR/MWh',
      'site-consumption-capacity': { sensor: capacity.id },
    };
    const battery = await aBattery({ eventResolutionMs: HOUR_MS });
    const costAt = async (beliefTimeMs: number) =>
      (await schedule(battery, { flexContext, beliefTimeMs })).result.cost;
    expect(await costAt(Date.parse(hourBefore))).toBeCloseTo(-1.8, 9);
    expect(await costAt(Date.parse(hourBefore) - 1)).toBeCloseTo(-0.4, 9);
  });

  it('uses only data that was known at the belief time', async () => {
    const prices = await aPrice([1, 5]);
    const flexContext = { 'consumption-price-sensor': prices.id };
    const early = { flexContext, beliefTimeMs: Date.parse(START) - HOUR_MS };
    await expect(schedule(await aBattery(), early)).rejects.toMatchObject({ code: 'UNKNOWN_PRICES' });
  });

  it('extends known prices to the edges of the window, with a warning', async () => {
    const flexContext = { 'consumption-price-sensor': (await aPrice([NaN, 1, NaN, 5, NaN])).id };
    const { warnings, result } = await schedule(await aBattery(), {
      flexContext,
      duration: parseDuration('PT5H'),
    });
    expect(warnings).toHaveLength(3);
    expect(result.cost).toBeCloseTo(2 * (1 - 5), 6);
  });

  it('only charges at a one-way charge point', async () => {
    const asset = await anAsset(app, {
      type: 'one-way_evse',
      attributes: { ...BATTERY, is_strictly_non_positive: true, market_id: (await aPrice([1, 5])).id },
    });
    const sensor = await aSensor(app, { asset });
    const flexModel = {
      'soc-at-start': 0,
      'soc-targets': [{ value: 1, datetime: new Date(Date.parse(START) + 2 * HOUR_MS).toISOString() }],
    };
    await schedule(sensor, { flexModel });
    expect(await stored(sensor)).toEqual([-1, -1, -1, -1, 0, 0, 0, 0]);
  });

  it('stores a marked fallback schedule that comes as close as possible to an unreachable target', async () => {
    const sensor = await aBattery({}, { ...BATTERY, market_id: (await aPrice([1, 5])).id });
    const flexModel = {
      'soc-at-start': 0,
      'soc-targets': [{ value: 2, datetime: new Date(Date.parse(START) + HOUR_MS).toISOString() }],
    };
    const { result } = await schedule(sensor, { flexModel });
    expect(result.fallback).toBe(true);
    expect(result.fallbackReason).toBeTruthy();
    expect((await stored(sensor)).slice(0, 4)).toEqual([-1, -1, -1, -1]);
  });

  it('stores the initial state of charge on the asset, and uses it for the next schedule', async () => {
    const market_id = (await aPrice([1, 5])).id;
    const sensor = await aBattery({}, { ...BATTERY, market_id });
    await schedule(sensor, { flexModel: { 'soc-at-start': 1.5 } });
    const { attributes } = await app.get(AssetsService).get(sensor.assetId);
    expect(attributes).toMatchObject({
      soc_in_mwh: 1.5,
      soc_datetime: '2026-03-04T07:00:00+01:00',
      market_id,
    });
    const again = await schedule(sensor, { flexModel: {}, beliefTimeMs: LATER + 1 });
    expect(again.result.devices[0]!.socMwh![0]).toBe(1.5);
  });

  it('refuses invalid requests', async () => {
    const building = await aSensor(app, {
      asset: await anAsset(app, { type: 'building', attributes: BATTERY }),
    });
    await expect(schedule(building, {})).rejects.toMatchObject({ code: 'UNSUPPORTED_ASSET_TYPE' });
    await expect(schedule(await aBattery({ unit: 'kWh' }), {})).rejects.toMatchObject({
      code: 'INVALID_UNIT',
    });
    await expect(schedule(await aBattery({ eventResolutionMs: 0 }), {})).rejects.toMatchObject({
      code: 'INVALID_RESOLUTION',
    });
    const flexContext = { 'consumption-price-sensor': (await aPrice([1])).id };
    await expect(schedule(await aBattery({}, { max_soc_in_mwh: 1 }), { flexContext })).rejects.toMatchObject({
      code: 'FLEX_MODEL_INVALID',
      field: 'power-capacity',
    });
  });
});
