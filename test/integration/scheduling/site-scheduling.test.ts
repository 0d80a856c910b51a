import { AccountsService } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { AssetsService } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { JobsService } from '#lib/queues';
import {
  ScheduleJobHandler,
  FinishedSchedules,
  ScheduleJobsService,
  SiteSchedulingService,
  type SiteScheduleRequest,
} from '#lib/scheduling';
import { SensorsService, type Sensor } from '#lib/sensors';
import { parseDuration } from '#lib/time';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor, saveValues } from '../../harness/databases/factories';

const START = '2026-03-04T06:00:00Z';
const HOUR_MS = 3_600_000;
const ADMIN: Requester = { id: 1, accountId: 1, roles: ['admin'] };
const LATER = Date.parse('2026-03-06T00:00Z');

describe('scheduling the devices of a site together', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const hourly = async (unit: string, values: number[]): Promise<Sensor> => {
    const sensor = await aSensor(app, { unit, eventResolutionMs: HOUR_MS });
    await saveValues(app, sensor, START, values);
    return sensor;
  };

  /** A building with its market and connection, and a battery in it that has only attributes for its size. */
  const aSite = async (prices: number[], connection: object = {}) => {
    const market = await hourly('EUR/MWh', prices);
    const building = await anAsset(app, {
      type: 'building',
      attributes: { market_id: market.id, ...connection },
    });
    const part = async (type: string, attributes: object, options: Parameters<typeof aSensor>[1] = {}) =>
      aSensor(app, {
        eventResolutionMs: HOUR_MS,
        ...options,
        asset: await anAsset(app, { type, attributes, parentAssetId: building.id }),
      });
    const battery = await part('battery', { power_capacity: '1 MW', max_soc_in_mwh: 1 });
    return { building, battery, part };
  };

  const schedule = (assetId: number, request: Partial<SiteScheduleRequest>) =>
    app.get(SiteSchedulingService).createSchedules({
      assetId,
      startMs: Date.parse(START),
      duration: parseDuration('PT3H'),
      flexModel: [],
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

  it('stores a schedule for each device, and returns the cost of each term', async () => {
    const { building, battery, part } = await aSite([10, 20, 50], {
      'site-consumption-capacity': '1.2 MW',
    });
    const sun = await hourly('kW', [0, 300, 900]);
    const solar = await part('solar', {}, { unit: 'kW' });
    const washing = await part('process', {});
    const result = await schedule(building.id, {
      flexModel: [
        { sensor: battery.id, 'soc-at-start': '0 MWh' },
        { sensor: solar.id, 'production-capacity': { sensor: sun.id } },
        { sensor: washing.id, 'process-type': 'SHIFTABLE', power: '500 kW', duration: 'PT1H' },
      ],
    });
    // 1.2 MWh fit at 10: the washing needs 0.5 in any hour, the battery 0.7 more, and 0.3 at 20 from the sun.
    expect(result.result).toMatchObject({ fallback: false, warnings: [] });
    expect(result.currency).toBe('EUR');
    const net = [1.2, 0, -1.9];
    expect([...result.result.netPowerMw].map((mw) => Number(mw.toFixed(6)))).toEqual(net);
    expect(result.result.cost).toBeCloseTo(12 - 95, 6);
    expect(result.result.commitments).toEqual([
      { commitment: 'consumption', cost: expect.closeTo(12, 6) as number },
      { commitment: 'production', cost: expect.closeTo(-95, 6) as number },
    ]);
    // Stored with production positive, in the sensor's unit.
    expect(await stored(solar)).toEqual([0, 300, 900]);
    expect(await stored(battery)).toEqual([-0.7, -0.3, 1]);
    expect(await stored(washing)).toEqual([-0.5, 0, 0]);
    const { attributes } = await app.get(AssetsService).get(battery.assetId);
    expect(attributes).toMatchObject({ soc_in_mwh: 0, soc_datetime: '2026-03-04T07:00:00+01:00' });
  });

  it('reads usage that a sensor records as a list of the same values, with their sign', async () => {
    const { building, battery } = await aSite([50, 40, 30]);
    const flexModel = { sensor: battery.id, 'soc-at-start': '0.5 MWh', 'prefer-charging-sooner': false };
    const usage = [-0.25, 0.125, 0];
    const list = usage.map((mw, i) => ({
      value: `${mw} MW`,
      start: new Date(Date.parse(START) + i * HOUR_MS).toISOString(),
      duration: 'PT1H',
    }));
    const sensor = await hourly('MW', usage);
    const costOf = async (given: unknown) =>
      (await schedule(building.id, { flexModel: [{ ...flexModel, 'soc-usage': given }] })).result.cost;
    expect(await costOf({ sensor: sensor.id })).toBeCloseTo(await costOf(list), 9);
    expect(await costOf(list)).toBeCloseTo(-0.75 * 50 + 0.125 * 40, 9);
  });

  it('runs as a job, whose id identifies the schedule of each device', async () => {
    const { building, battery } = await aSite([10, 20, 50], { capacity_in_mw: 0.6 });
    const job = {
      assetId: building.id,
      start: START,
      duration: 'PT3H',
      beliefTime: new Date(LATER).toISOString(),
      flexModel: [{ sensor: battery.id, 'soc-at-start': '0%' }],
      flexContext: {},
      sequential: true,
    };
    const { id } = await app.get(ScheduleJobsService).trigger(job);
    expect((await app.get(FinishedSchedules).find(battery, id, ADMIN)).state).not.toBe('unknown');
    const result = await (await app.get(ScheduleJobHandler).handle(job))();
    expect(result).toMatchObject({
      assetId: building.id,
      sensorIds: [battery.id],
      currency: 'EUR',
      steps: 3,
    });
    // The building's connection bounds the battery: 0.6 MWh for 10, sold at 50; the slope waits for nothing else.
    expect(result.cost).toBeCloseTo(0.6 * (10 - 50), 6);
    const other = await aSensor(app);
    expect(await app.get(FinishedSchedules).find(other, id, ADMIN)).toEqual({ state: 'unknown' });
  });

  it('uses the known power of a device without a flex-model, and sensors for limits over time', async () => {
    const { building, battery, part } = await aSite([20, 20, 20], { 'production-price': '10 EUR/MWh' });
    const load = await part('building', {});
    await saveValues(app, load, START, [-0.2, -0.4, -0.1]);
    const least = await hourly('MWh', [0, 0.5, 0.3, 0.2]);
    const result = await schedule(building.id, {
      flexModel: [
        { sensor: battery.id, 'soc-at-start': '0.8 MWh', 'soc-minima': { sensor: least.id } },
        { sensor: load.id },
      ],
    });
    // What has to stay holds from the beginning to the end of its hour: 0.5 MWh until 2 h, then 0.3 MWh. So 0.3 MWh serve
    // the load of two hours and 0.1 MWh that of the third, worth 20 there; the last 0.1 MWh are sold for 10.
    expect(result.result.cost).toBeCloseTo(20 * (0.7 - 0.4) - 10 * 0.1, 5);
    expect(await stored(load)).toEqual([-0.2, -0.4, -0.1]);
  });

  it('names the invalid field and its device', async () => {
    const { building, battery, part } = await aSite([10, 20, 50]);
    const car = await part('one-way_evse', { capacity_in_mw: 1 });
    const models = (field: string, value: unknown) => [
      { sensor: battery.id },
      { sensor: car.id, 'soc-max': '1 MWh', [field]: value },
    ];
    const wrong: [string, unknown][] = [
      ['soc-at-start', 'much'],
      ['soc-min', '2 MWh'],
      ['charging-efficiency', '0%'],
      ['power-capacity', '5 kWh'],
      ['storage-efficiency', 1.5],
      ['consumption-capacity', { sensor: 0 }],
    ];
    for (const [field, value] of wrong) {
      const request = schedule(building.id, { flexModel: models(field, value) });
      await expect(request).rejects.toMatchObject({ field: `flex-model.1.${field}` });
    }
    const flexModel = [{ sensor: battery.id }];
    const contexts: [string, unknown][] = [
      ['site-power-capacity', '5 EUR'],
      ['consumption-price', '5 kW'],
      ['production-price', '5 KRW/MWh'],
      ['site-peak-consumption-price', '5 EUR/MWh'],
    ];
    for (const [field, value] of contexts) {
      const request = schedule(building.id, { flexModel, flexContext: { [field]: value } });
      await expect(request).rejects.toMatchObject({ field });
    }
    const twice = { flexModel: [{ sensor: battery.id }, { sensor: battery.id }] };
    await expect(schedule(building.id, twice)).rejects.toMatchObject({ field: 'flex-model.1.sensor' });
  });

  it('checks a request without assuming anything about data, however large limits of sensors turn out', async () => {
    const { building, part } = await aSite([10, 20, 50]);
    const heater = await part('one-way_evse', {});
    const limit = await hourly('MW', [4, 4, 4]);
    const state = await hourly('MWh', [0, 2, 3, 3]);
    const trigger = (flexModel: object, flexContext: Record<string, unknown> = {}) => {
      const flexModels = [{ sensor: heater.id, ...flexModel }];
      return app.get(ScheduleJobsService).trigger({
        assetId: building.id,
        start: START,
        duration: 'PT3H',
        flexModel: flexModels,
        flexContext,
      });
    };
    const model = { 'power-capacity': { sensor: limit.id }, 'soc-targets': { sensor: state.id } };
    // 50 % of 4 MW, and a target for the state of charge that is the highest one.
    const shares = { 'consumption-capacity': '50%', 'production-capacity': '0%' };
    const context = { 'site-power-capacity': { sensor: limit.id }, 'site-production-capacity': '50%' };
    const { id } = await trigger({ ...model, ...shares }, context);
    const job = (await app.get(JobsService).find(id))!;
    const stored = await (await app.get(ScheduleJobHandler).handle(job.payload))();
    expect(stored).toMatchObject({ fallbackReason: undefined, steps: 3 });
    // What is wrong without any data is refused at once.
    for (const [field, value] of [
      ['consumption-capacity', 'x%'],
      ['soc-min', '5%'],
      ['soc-at-start', '1 MW'],
    ] as const)
      await expect(trigger({ ...model, [field]: value })).rejects.toMatchObject({
        field: `flex-model.0.${field}`,
      });
  });

  it('stores a fallback schedule and its reason if the constraints cannot be met', async () => {
    const { building, battery, part } = await aSite([10, 20, 50], { 'site-consumption-capacity': '0.5 MW' });
    const car = await part('one-way_evse', { capacity_in_mw: 1, max_soc_in_mwh: 1 });
    const target = [{ value: '1 MWh', datetime: '2026-03-04T07:00:00Z' }];
    const { result } = await schedule(building.id, {
      flexModel: [
        { sensor: battery.id, 'soc-targets': target },
        { sensor: car.id, 'soc-targets': target },
      ],
    });
    expect(result.fallback).toBe(true);
    expect(result.fallbackReason).toMatch(/site-consumption-capacity 500 kW/);
    expect(await stored(car)).toHaveLength(3);
  });

  it('reads only public sensors for a public site', async () => {
    const { building, battery } = await aSite([10, 20, 50]);
    const { id: accountId } = await app.get(AccountsService).create('Company');
    const asset = await anAsset(app, { type: 'building', accountId });
    const secret = await aSensor(app, { asset, unit: 'EUR/MWh', eventResolutionMs: HOUR_MS });
    const request = { flexModel: [{ sensor: battery.id, 'soc-at-start': '0 MWh' }] };
    expect((await schedule(building.id, request)).readIds).toEqual([building.attributes['market_id']]);
    await app.get(AssetsService).setAttributes(building.id, { market_id: secret.id });
    await expect(schedule(building.id, request)).rejects.toMatchObject({
      ...{ code: 'NOT_PERMITTED', field: 'market_id' },
      message: `market_id: a public asset may not read sensor ${secret.id}, which an attribute names.`,
    });
  });

  it('reads the sensors of a request in one query, and those of attributes in another', async () => {
    const { building, battery, part } = await aSite([10, 20, 50], { 'production-price': '5 EUR/MWh' });
    const limits = [
      await hourly('MW', [1, 1, 1]),
      await hourly('MW', [1, 1, 1]),
      await hourly('MWh', [0, 0, 0]),
    ];
    const [consumption, production, least] = limits.map(({ id }) => ({ sensor: id }));
    const car = await part('two-way_evse', {
      ...{ capacity_in_mw: 1, max_soc_in_mwh: 1 },
      ...{ 'consumption-capacity': consumption, 'production-capacity': production },
    });
    const job = {
      ...{ assetId: building.id, start: START, duration: 'PT3H', flexContext: {} },
      flexModel: [{ sensor: battery.id, 'soc-minima': least }, { sensor: car.id }],
    };
    const sensors = app.get(SensorsService);
    const [many, one] = [jest.spyOn(sensors, 'listByIds'), jest.spyOn(sensors, 'get')];
    await app.get(ScheduleJobsService).trigger(job);
    expect({ many: many.mock.calls.length, one: one.mock.calls.length }).toEqual({ many: 2, one: 0 });
    jest.restoreAllMocks();
  });
});
