import { PROCESSED, UNAUTHORIZED, unprocessable } from '../../harness/contract/answers';
import {
  HALF_A_DAY,
  PRICES,
  waitForSchedule,
  startScene,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';

describe('Schedules of one device', () => {
  let scene: Scene;
  /** Adds a power sensor to the battery. @returns its id */
  const addLoad = async (name: string): Promise<number> => {
    const load = { name, unit: 'MW', event_resolution: 15, generic_asset_id: 3 };
    return ((await send('POST', '/sensors', load)).body as { id: number }).id;
  };

  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const send: Scene['send'] = (...request) => scene.send(...request);
  const get = (path: string, person?: Person) => send('GET', path, undefined, person);

  const { start: START } = HALF_A_DAY;
  const trigger = (change: object, who: Person = 'accountAdmin') =>
    send('POST', '/sensors/2/schedules/trigger', { ...HALF_A_DAY, ...change }, who);
  const idOf = ({ body }: { body: unknown }) => (body as { schedule: string }).schedule;

  /** Requests the job until it has finished. */
  const done = async (id: string, query = '') => {
    for (let tries = 0; tries < 2400; tries++) {
      const answer = await get(`/sensors/2/schedules/${id}${query}`);
      const { message } = answer.body as { message: string };
      if (!/waiting|in progress/.test(message)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('The job is not done.');
  };

  it('are triggered, computed and returned with positive consumption', async () => {
    const client = scene.as('accountAdmin');
    const { data: receipt, response } = await client.POST('/api/v3_0/sensors/{id}/schedules/trigger', {
      params: { path: { id: 2 } },
      body: HALF_A_DAY,
    });
    expect(receipt).toMatchObject(PROCESSED);
    expect(response.headers.get('deprecation')).toBeNull();
    const uuid = receipt!.schedule;
    const { data: schedule } = await waitForSchedule(client, uuid, 'PT12H');
    expect(schedule).toMatchObject({ ...PROCESSED, start: START, duration: 'PT12H', unit: 'MW' });
    const { values } = schedule!;
    const cost = values.reduce(
      (sum, power, step) => sum + (power / 4) * PRICES[6 + Math.floor(step / 4)]!,
      0,
    );
    expect(cost).toBeCloseTo(-3.3032625, 5);
    expect(values.some((value) => Object.is(value, -0))).toBe(false);
    const short = await waitForSchedule(client, uuid);
    expect(short.data).toMatchObject({ duration: 'PT6H', values: values.slice(0, 24) });
    const whole = await waitForSchedule(client, uuid, 'PT1000H');
    expect(whole.data).toMatchObject({ duration: 'PT12H', values });
    const job = await client.GET('/api/v3_0/jobs/{uuid}', { params: { path: { uuid } } });
    expect(job.data).toMatchObject({ state: 'finished', failure_reason: null });
  });

  it('stay unchanged when a newer one overlaps, and belong to their sensor', async () => {
    const first = idOf(await trigger({}));
    const before = (await done(first)).body;
    await done(idOf(await trigger({ 'flex-model': { 'soc-at-start': 0.05, 'soc-unit': 'MWh' } })));
    expect((await done(first)).body).toEqual(before);
    expect(await get(`/sensors/3/schedules/${first}`)).toMatchObject({
      status: 400,
      body: { status: 'UNRECOGNIZED_UDI_EVENT' },
    });
  });

  it('return the reason of a failure', async () => {
    const { status, body } = await done(idOf(await trigger({ start: '2027-01-01T00:00:00Z' })));
    expect(status).toBe(400);
    expect(body).toMatchObject({ result: 'Rejected', status: 'UNKNOWN_SCHEDULE' });
    expect((body as { message: string }).message).toContain(
      'Scheduling job failed with UnknownPricesException: Prices unknown for planning window. (sensor 3)',
    );
  });

  it('accept the deprecated top-level fields, and report them', async () => {
    const flat = {
      start: START,
      duration: 'PT12H',
      'soc-at-start': 225,
      'soc-unit': 'kWh',
      'consumption-price-sensor': 3,
    };
    const answer = await send('POST', '/sensors/2/schedules/trigger', flat);
    expect(answer.headers.get('deprecation')).toBe('Tue, 13 Dec 2022 23:59:59 GMT');
    expect(answer.headers.get('sunset')).toBe('Tue, 31 Jan 2023 23:59:59 GMT');
    expect(answer.headers.get('link')).toContain('rel="sunset"');
    expect((answer.body as { message: string }).message).toContain(
      'soc-at-start (please pass as part of flex_model)',
    );
    expect((await done(idOf(answer))).status).toBe(200);
  });

  it('extend to the last target (golden case fm-api-target)', async () => {
    const flexModel = {
      'soc-at-start': 12.1,
      'soc-min': 0,
      'soc-max': 40,
      'soc-unit': 'kWh',
      'roundtrip-efficiency': '98%',
      'soc-targets': [{ value: 25, datetime: '2026-03-06T06:00:00+01:00' }],
    };
    const { body } = await done(
      idOf(await trigger({ duration: 'PT24H', 'flex-model': flexModel })),
      '?duration=PT1000H',
    );
    const { values } = body as { values: number[] };
    expect(values).toHaveLength(188);
    const efficiency = Math.sqrt(0.98);
    const soc = values.reduce(
      (stock, power) => stock + (power > 0 ? power * efficiency : power / efficiency) / 4,
      0.0121,
    );
    expect(soc).toBeCloseTo(0.025, 5);
  });

  it('report which constraints conflict, when and by how much', async () => {
    // The battery takes 500 kW: from 225 kWh it comes to 343.585 kWh in a quarter, with 90 % there and back.
    const flexModel = {
      'soc-at-start': 225,
      'soc-unit': 'kWh',
      'roundtrip-efficiency': '90%',
      'soc-targets': [{ value: 400, datetime: '2026-03-04T07:15:00+01:00' }],
    };
    const id = idOf(await trigger({ start: '2026-03-04T07:00:00+01:00', 'flex-model': flexModel }));
    const conflictMessage =
      'soc-target 400 kWh at 2026-03-04T07:15:00+01:00 needs 175 kWh within 15 min, but power-capacity 500 kW allows 118.6 kWh.';
    const { body } = await done(id, '?duration=PT1H');
    const { message, values } = body as { message: string; values: number[] };
    expect(message).toContain(conflictMessage);
    // As close to the target as possible. The rest is sold at the end of the hour, as the price stays the same.
    expect(values).toEqual([0.5, -0.114078, -0.5, -0.5]);
    const job = (await get(`/jobs/${id}`)).body as { result: unknown };
    const whole = (await done(id, '?duration=PT12H')).body as { values: number[] };
    const chargedMwh = whole.values.reduce((sum, mw) => sum + Math.max(0, mw) / 4, 0);
    expect(job.result).toMatchObject({
      fallback_reason: expect.stringContaining(conflictMessage) as string,
      conflicts: [
        {
          message: expect.stringContaining(conflictMessage) as string,
          kind: 'energy',
          constraint: 'soc-target',
          sensor: 2,
          from: '2026-03-04T07:00:00+01:00',
          at: '2026-03-04T07:15:00+01:00',
          unit: 'MWh',
          wanted: 0.4,
          needed: expect.closeTo(0.175, 9) as number,
          available: expect.closeTo(0.125 * Math.sqrt(0.9), 9) as number,
          limited_by: [{ constraint: 'power-capacity', sensor: 2, value: 0.5 }],
        },
      ],
      kpis: { storages: [{ sensor: 2, charged_in_mwh: expect.closeTo(chargedMwh, 5) as number }] },
    });
  });

  it.each([
    [{ start: undefined }, { start: ['Missing data for required field.'] }],
    [{ 'flex-model': { 'soc-at-start': 'abc' } }, { 'soc-at-start': ['Not a valid number.'] }],
    [
      { 'flex-model': { 'roundtrip-efficiency': 0 } },
      { 'roundtrip-efficiency': ['Must be greater than 0 and less than or equal to 1.'] },
    ],
    [{ 'flex-model': { foo: 1 } }, { foo: ['Unknown field.'] }],
    [
      { 'flex-model': { 'soc-targets': [{ value: 1 }] } },
      { 'soc-targets.0.datetime': ['Missing data for required field.'] },
    ],
    [
      { duration: '12 hours' },
      {
        duration: ["Cannot parse 12 hours as ISO8601 duration: Unable to parse duration string '12 hours'"],
      },
    ],
    [{ duration: 'P30D' }, { duration: [expect.stringContaining('169 hours') as string] }],
    [{ prior: '2026-03-04' }, { prior: ['Not a valid aware datetime.'] }],
    [{ 'flex-model': { 'soc-min': -1 } }, { 'soc-min': ['Must be greater than or equal to 0.'] }],
    [
      { 'flex-model': { 'soc-target': { value: 1, datetime: START }, 'soc-targets': [] } },
      { 'soc-target': ['Send either soc-target or soc-targets, not both.'] },
    ],
    [{ 'flex-context': { bar: 1 } }, { bar: ['Unknown field.'] }],
    [
      { 'flex-context': { 'consumption-price-sensor': 999 } },
      { 'consumption-price-sensor': ['No sensor found with id 999.'] },
    ],
    [
      { 'flex-context': { 'consumption-price-sensor': 2 } },
      { 'consumption-price-sensor': ['Sensor 2 is in MW, which is not a price of energy.'] },
    ],
    [
      { 'flex-context': { 'consumption-price-sensor': 3, 'inflexible-device-sensors': [2, 2] } },
      { 'inflexible-device-sensors.1': ['sensor 2 is in the list twice.'] },
    ],
    [
      { 'flex-context': { 'inflexible-device-sensors': [2, 3] } },
      { 'inflexible-device-sensors.1': ['Sensor 3 is in EUR/MWh, which is not a power.'] },
    ],
    [{ 'flex-model': { 'soc-targets': ['x'] } }, { 'soc-targets.0': ['Not a valid mapping.'] }],
    [
      { 'flex-context': { 'inflexible-device-sensors': [3, '3'] } },
      {
        'inflexible-device-sensors.1': [
          "A valid type 1 USEF entity address starts with 'ea1', please review 3",
        ],
      },
    ],
  ])('are rejected with %j', async (change, reasons) => {
    expect(await trigger(change)).toMatchObject(unprocessable('json', reasons));
  });

  it('accept sensors by entity address, and single values under singular names', async () => {
    const datetime = '2026-03-04T09:00:00+01:00';
    const loadId = await addLoad('load');
    const answer = await trigger({
      start: '2026-03-04T07:05:00+01:00',
      'flex-model': {
        'soc-at-start': '50%',
        'soc-unit': 'MWh',
        'soc-target': { value: '400 kWh', datetime: datetime },
      },
      'flex-context': {
        'consumption-price-sensor': 'ea1.2021-01.com.example:fm1.3',
        'inflexible-device-sensor': `ea1.2021-01.com.example:fm1.${loadId}`,
      },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { message: expect.stringContaining('start was moved to 2026-03-04T07:00:00+01:00') as string },
    });
    const { values } = (await done(idOf(answer))).body as { values: number[] };
    expect(values.slice(0, 8).reduce((sum, power) => sum + power / 4, 0.225)).toBeCloseTo(0.4, 5);
  });

  it.each([
    ['a number', { sensors: 3 }],
    ['a list of one', { sensors: [3] }],
    ['an entity address', { sensors: ['ea1.2021-01.com.example:fm1.3'] }],
  ])('accept a sensor in a field under the plural name: %s', async (form, reference) => {
    const load = await addLoad(`load with ${form}`);
    const withPrices = (price: object) =>
      trigger({
        start: '2026-03-04T05:00:00+01:00',
        'flex-model': { 'soc-at-start': '50%', 'soc-unit': 'MWh', 'soc-usage': [{ sensors: [load] }] },
        'flex-context': { 'consumption-price': price },
      });
    const singular = await withPrices({ sensor: 3 });
    // The same request in another notation is the same job.
    expect(idOf(await withPrices(reference))).toBe(idOf(singular));
  });

  it.each([
    [{ sensors: [3, 2] }, 'sensors', 'Must have exactly one item: each has its own request.'],
    [{ sensors: [] }, 'sensors', 'Must have exactly one item: each has its own request.'],
    [{ sensors: ['x'] }, 'sensors', "A valid type 1 USEF entity address starts with 'ea1', please review x"],
    [{ sensor: 3, sensors: [3] }, 'sensors', 'Unknown field.'],
    [{ sensor: 3, origin: 1 }, 'origin', 'Unknown field.'],
    [{ sensor: 3, source: 'x' }, 'source', 'Not a valid integer.'],
    [{ sensor: 3, 'source-types': [] }, 'source-types', 'Shorter than minimum length 1.'],
  ])('are rejected with the sensor %j in a field', async (reference, name, reason) => {
    expect(await trigger({ 'flex-context': { 'consumption-price': reference } })).toMatchObject(
      unprocessable('json', { [`consumption-price.${name}`]: [reason] }),
    );
  });

  it('are answered with an error for invalid and unknown ids', async () => {
    const path = '/sensors/2/schedules';
    const broken = await scene.api.request('POST', `/api/v3_0${path}/trigger`, {
      token: scene.tokenOf('accountAdmin'),
      text: '{',
    });
    expect(broken).toMatchObject({ status: 400, body: { status: 'INVALID_DATA', result: 'Rejected' } });
    expect(await send('PUT', `${path}/trigger`, {})).toMatchObject({
      status: 405,
      body: { status: 'INVALID_METHOD' },
    });
    expect(await get(`${path}/abc?duration=x`)).toMatchObject(
      unprocessable('args_and_json', {
        duration: ["Cannot parse x as ISO8601 duration: Unable to parse duration string 'x'"],
      }),
    );
    expect(await send('POST', '/sensors/3/schedules/trigger', { start: START }, 'admin')).toMatchObject({
      status: 422,
      body: { message: { json: expect.stringMatching(/not \(yet\) supported for asset type/) as string } },
    });
  });

  it('can be read only by users who may read the sensors of the request', async () => {
    const other = await send(
      'POST',
      '/assets',
      { name: 'theirs', generic_asset_type_id: 1, account_id: 2 },
      'stranger',
    );
    const { id: assetId } = other.body as { id: number };
    const sensor = await send(
      'POST',
      '/sensors',
      { name: 'secret', unit: 'MW', event_resolution: 15, generic_asset_id: assetId },
      'stranger',
    );
    const refused = await trigger({
      'flex-context': {
        'consumption-price-sensor': 3,
        'inflexible-device-sensors': [(sensor.body as { entity_address: string }).entity_address],
      },
    });
    const message = expect.stringMatching(
      /^inflexible-device-sensors\.0: user \d+ may not read sensor \d+\.$/,
    ) as string;
    expect(refused).toMatchObject({ status: 403, body: { ...UNAUTHORIZED, message } });
  });

  it('can be triggered only by users who may post data to the sensor', async () => {
    const statuses = await Promise.all(
      (['member', 'stranger', 'reader', 'admin'] as const).map(
        async (who) => (await trigger({}, who)).status,
      ),
    );
    expect(statuses).toEqual([200, 403, 403, 200]);
    expect(await send('POST', '/sensors/9999/schedules/trigger', { start: START })).toMatchObject(
      unprocessable('path', { id: ['No sensor found with id 9999.'] }),
    );
  });
});
