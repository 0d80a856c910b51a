import { eventually } from '../../harness/eventually';
import { startLegacyScene, type LegacyPerson, type LegacyScene } from '../../harness/scenes/legacy-scene';
import { emailOf } from '../../harness/databases/users';
import * as seed from './seed-messages';

const PROCESSED = { status: 'PROCESSED', message: 'Request has been processed.' };
const POSTED = { start: '2015-01-01T00:00:00Z', duration: 'PT1H30M', unit: 'MW' };

const EXPECTED_SERVICES: Record<string, [number: string, services: string[]]> = {
  v1: ['1.0', ['getMeterData', 'postMeterData']],
  v1_1: [
    '1.1',
    [
      ...['getConnection', 'getMeterData', 'getPrognosis', 'postMeterData', 'postPriceData', 'postPrognosis'],
      'postWeatherData',
    ],
  ],
};
const WITH_CONTROL = [...EXPECTED_SERVICES['v1_1']![1], 'getDeviceMessage', 'postUdiEvent'];
EXPECTED_SERVICES['v1_2'] = ['1.2', WITH_CONTROL];
EXPECTED_SERVICES['v1_3'] = ['1.3', WITH_CONTROL];
EXPECTED_SERVICES['v2_0'] = [
  '2.0',
  [
    ...WITH_CONTROL,
    ...[
      'DELETE /asset/<id>',
      'GET /asset/<id>',
      'GET /assets',
      'GET /user/<id>',
      'GET /users',
      'PATCH /asset/<id>',
    ],
    ...['PATCH /user/<id>', 'PATCH /user/<id>/password-reset', 'POST /assets'],
  ],
];

/** Tests that only some versions have. */
const itIf = (isThere: boolean) => (isThere ? it : () => undefined) as typeof it;

let scene: LegacyScene;

beforeAll(async () => {
  scene = await startLegacyScene();
});
afterAll(() => scene.stop());

describe.each(Object.keys(EXPECTED_SERVICES))('The examples of the documentation of %s', (version) => {
  beforeAll(async () => {
    await scene.sql.query('DELETE FROM timed_belief');
    // The latest UDI events.
    await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
  });

  const has = (endpoint: string) => EXPECTED_SERVICES[version]![1].includes(endpoint);
  const get = (endpoint: string, message: object) => scene.send('GET', `${version}/${endpoint}`, message);
  const post = async (endpoint: string, message: object) => {
    const { status, body } = await scene.send('POST', `${version}/${endpoint}`, message);
    const name = `${endpoint.charAt(0).toUpperCase()}${endpoint.slice(1)}`;
    expect([status, body]).toEqual([200, { type: `${name}Response`, ...PROCESSED }]);
  };
  /** Belief times of the stored values of a sensor, each once. */
  const recorded = async (sensor: number): Promise<string[]> => {
    const { rows } = await scene.sql.query<{ time: Date }>(
      `SELECT DISTINCT event_start + make_interval(secs => extract(epoch FROM sensor.event_resolution))
         - make_interval(secs => belief_horizon / 1000.0) AS time
       FROM timed_belief JOIN sensor ON sensor.id = sensor_id WHERE sensor_id = $1 ORDER BY time`,
      [sensor],
    );
    return rows.map(({ time }) => time.toISOString());
  };
  const forget = () => scene.sql.query('DELETE FROM timed_belief');

  it('getService', async () => {
    const { status, body } = await scene.send('GET', `${version}/getService`, undefined, null);
    const [number, services] = EXPECTED_SERVICES[version]!;
    expect([status, body]).toMatchObject([
      200,
      { type: 'GetServiceResponse', version: number, ...PROCESSED },
    ]);
    expect((body as { services: { name: string }[] }).services.map(({ name }) => name).sort()).toEqual(
      services.sort(),
    );
  });

  const isV2 = version === 'v2_0';

  itIf(isV2)('postMeterData by ids of sensors', async () => {
    await post('postMeterData', seed.POST_METER_DATA_V2);
    const connection = `${seed.HOST}:fm1.4`;
    const { start } = seed.POST_METER_DATA_V2;
    const { body } = await get('getMeterData', { ...seed.GET_METER_DATA, connection, start });
    expect(body).toMatchObject({ connection, values: seed.METERED, start });
  });

  itIf(isV2)('postPrognosis by ids of sensors', async () => {
    await forget();
    await post('postPrognosis', seed.POST_PROGNOSIS_V2);
    expect(await recorded(5)).toEqual(['2020-12-31T18:00:00.000Z']);
  });

  itIf(isV2)('postPriceData by id of the sensor', async () => {
    await post('postPriceData', seed.POST_PRICE_DATA_V2);
    expect(await recorded(12)).toEqual(['2020-12-31T12:00:00.000Z']);
  });

  itIf(isV2)('postWeatherData by id of the sensor', async () => {
    await post('postWeatherData', seed.POST_WEATHER_DATA_V2);
    expect(await recorded(602)).toEqual(['2021-01-01T03:00:00.000Z']);
  });

  it('postMeterData, getMeterData', async () => {
    await post('postMeterData', seed.POST_METER_DATA);
    const { status, body } = await get('getMeterData', seed.GET_METER_DATA);
    const answer = { type: 'GetMeterDataResponse', connection: 'CS 1', values: seed.METERED, ...POSTED };
    expect([status, body]).toEqual([200, { ...answer, ...PROCESSED }]);
    if (version !== 'v1') return;
    expect((await scene.send('POST', 'v1/getMeterData', seed.GET_METER_DATA)).body).toEqual(body);
  });

  itIf(has('postPrognosis'))('postPrognosis, getPrognosis', async () => {
    await forget();
    await post('postPrognosis', seed.POST_PROGNOSIS);
    expect((await recorded(1)).at(0)).toBe(isV2 ? '2014-12-31T16:45:00.000Z' : '2014-12-31T18:00:00.000Z');
    const { status, body } = await get('getPrognosis', seed.GET_PROGNOSIS);
    const answer = { type: 'GetPrognosisResponse', connection: 'CS 1', values: seed.PROGNOSED, ...POSTED };
    expect([status, body]).toEqual([200, { ...answer, ...PROCESSED }]);
  });

  itIf(has('postPriceData') && !isV2)('postPriceData', async () => {
    await post('postPriceData', seed.POST_PRICE_DATA);
    expect(await recorded(11)).toEqual(['2014-12-31T19:00:00.000Z']);
  });

  itIf(has('postWeatherData') && !isV2)('postWeatherData', async () => {
    await post('postWeatherData', seed.POST_WEATHER_DATA);
    expect(await recorded(601)).toEqual(['2015-01-01T04:30:00.000Z']);
  });

  itIf(has('getConnection'))('getConnection', async () => {
    const { status, body } = await get('getConnection', { type: 'GetConnectionRequest' });
    expect(status).toBe(200);
    const { connections, names, type } = body as { connections: string[]; names: string[]; type: string };
    expect(type).toBe('GetConnectionResponse');
    expect(names.slice(-4)).toEqual(['CS 4', 'CS 3', 'CS 2', 'CS 1']);
    for (const [i, address] of connections.slice(-4).entries())
      expect(address).toMatch(new RegExp(String.raw`^ea1\.\d{4}-\d\d\.localhost:\d+:${4 - i}$`));
  });

  itIf(has('postUdiEvent'))('postUdiEvent, getDeviceMessage', async () => {
    await post('postPriceData', seed.PRICES_FOR_UDI_EVENTS);
    await post('postUdiEvent', version === 'v1_2' ? seed.POST_UDI_EVENT_OF_V1_2 : seed.POST_UDI_EVENT);
    const ask = () => get('getDeviceMessage', { ...seed.GET_DEVICE_MESSAGE, duration: 'PT45M' });
    const { status, body } = await (version === 'v1_2'
      ? ask()
      : eventually(ask, (answer) => answer.status === 200));
    expect([status, body]).toEqual([
      200,
      {
        ...{ type: 'GetDeviceMessageResponse', event: seed.GET_DEVICE_MESSAGE.event },
        values: Array.from({ length: 3 }, () => expect.any(Number) as number),
        ...{ start: expect.any(String) as string, duration: 'PT45M', unit: 'MW', ...PROCESSED },
      },
    ]);
    expect(Date.parse((body as { start: string }).start)).toBe(Date.parse('2015-06-02T10:00:00Z'));
  });

  itIf(['v1_3', 'v2_0'].includes(version))('postUdiEvent with targets', async () => {
    await post('postUdiEvent', seed.POST_UDI_EVENT_WITH_TARGETS);
    const { event } = seed.POST_UDI_EVENT_WITH_TARGETS;
    const ask = () => get('getDeviceMessage', { type: 'GetDeviceMessageRequest', event });
    const { body } = await eventually(ask, (answer) => answer.status === 200);
    const { values } = body as { values: number[] };
    expect(values).toHaveLength(24);
    // From 12.1 kWh to 25 kWh in six hours, with losses in both directions.
    const efficiency = Math.sqrt(0.98);
    const storedKwh = values.map((mw) => 250 * (mw > 0 ? mw * efficiency : mw / efficiency));
    expect(storedKwh.reduce((sum, kwh) => sum + kwh, 0)).toBeCloseTo(25 - 12.1, 2);
  });
});

describe('The examples of the documentation of v2_0 about assets and users', () => {
  const NEW_ASSET = {
    ...{ name: 'Test battery', asset_type: 'battery', unit: 'kW', market_id: 11, event_resolution: 5 },
    ...{ capacity_in_mw: 4.2, latitude: 40, longitude: 170.3, max_soc_in_mwh: 5, min_soc_in_mwh: 0 },
  };
  const send = (method: string, path: string, message?: object, person: LegacyPerson = 'admin') =>
    scene.send(method, `v2_0/${path}`, message, person);

  it('POST /assets, GET, PATCH and DELETE /asset/(id), GET /assets', async () => {
    const given = { ...NEW_ASSET, owner_id: scene.ids.member };
    const created = await send('POST', 'assets', given);
    const whole = {
      ...given,
      ...{ display_name: 'Test battery', soc_datetime: null, soc_in_mwh: null, soc_udi_event_id: null },
    };
    expect(created).toMatchObject({ status: 201, body: whole });
    const { id } = created.body as { id: number };
    expect(await send('GET', `asset/${id}`, undefined, 'member')).toMatchObject({
      status: 200,
      body: { ...whole, id },
    });
    const changes = { latitude: 11.1, longitude: 99.9, id: 1 };
    expect(await send('PATCH', `asset/${id}`, changes, 'member')).toMatchObject({
      status: 200,
      body: { ...whole, id, latitude: 11.1, longitude: 99.9 },
    });
    const { body } = await send('GET', 'assets', { owner_id: scene.ids.member }, 'member');
    expect((body as { id: number }[])[0]).toMatchObject({
      id,
      latitude: 11.1,
      event_resolution: 5,
      unit: 'kW',
    });
    expect(await send('DELETE', `asset/${id}`, undefined, 'accountAdmin')).toMatchObject({
      status: 204,
      body: '',
    });
    expect(await send('GET', `asset/${id}`)).toMatchObject({ status: 404 });
  });

  it('a new asset takes meter data and UDI events by its id', async () => {
    const { body } = await send('POST', 'assets', {
      ...NEW_ASSET,
      name: 'Battery 2',
      owner_id: scene.ids.member,
    });
    const { id } = body as { id: number };
    const address = `${seed.HOST}:fm1.${id}`;
    const message = { type: 'PostMeterDataRequest', connection: address, values: [1, 2], unit: 'MW' };
    const window = { start: '2021-03-01T00:00:00Z', duration: 'PT10M' };
    expect(await send('POST', 'postMeterData', { ...message, ...window }, 'member')).toMatchObject({
      status: 200,
    });
    const read = await send(
      'GET',
      'getMeterData',
      { ...seed.GET_METER_DATA, ...window, connection: address },
      'member',
    );
    expect(read.body).toMatchObject({ values: [1, 2] });
    const event = {
      ...seed.POST_UDI_EVENT,
      event: `${seed.HOST}:${id}:1:soc`,
      value: 1000,
    };
    expect(await send('POST', 'postUdiEvent', event, 'member')).toMatchObject({ status: 200 });
    expect((await send('GET', `asset/${id}`, undefined, 'member')).body).toMatchObject({
      ...{ soc_in_mwh: 1, soc_datetime: '2015-06-02T10:00:00+00:00', soc_udi_event_id: 1 },
    });
  });

  it('GET /users, GET and PATCH /user/(id), PATCH /user/(id)/password-reset', async () => {
    const { member: id } = scene.ids;
    const user = {
      account_id: 1,
      active: true,
      email: emailOf('member'),
      flexmeasures_roles: [],
      id,
      username: 'member',
    };
    const { status, body } = await send('GET', 'users', undefined, 'accountAdmin');
    expect(status).toBe(200);
    expect(body).toContainEqual(expect.objectContaining(user));
    expect((await send('GET', `user/${id}`, undefined, 'member')).body).toMatchObject(user);
    const changed = await send(
      'PATCH',
      `user/${id}`,
      { active: false, account_id: 2, id: 1 },
      'accountAdmin',
    );
    expect(changed).toMatchObject({ status: 200, body: { ...user, active: false } });
    expect((await send('GET', 'users', { include_inactive: 'true' }, 'accountAdmin')).body).toContainEqual(
      expect.objectContaining({ id, active: false }),
    );
    expect((await send('GET', 'users', undefined, 'accountAdmin')).body).not.toContainEqual(
      expect.objectContaining({ id }),
    );
    expect(await send('PATCH', `user/${scene.ids.colleague}/password-reset`)).toMatchObject({
      status: 200,
      body: { status: 200 },
    });
    expect(await send('GET', 'users', undefined, 'colleague')).toMatchObject({ status: 401 });
  });
});
