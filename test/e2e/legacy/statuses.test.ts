import { eventually } from '../../harness/eventually';
import { startLegacyScene, type LegacyPerson, type LegacyScene } from '../../harness/scenes/legacy-scene';
import * as seed from './seed-messages';
import { SEED_STATUSES } from './seed-statuses';

const { HOST } = seed;

/** A request that gets a status: what is changed in a valid message. undefined removes a field. */
type Change = Record<string, unknown>;

const BAD_TYPE: Change = { type: 'GetWeatherRequest' };
const NAIVE_START: Change = { start: '2015-01-01T00:00:00' };

/** Changes that are refused by all endpoints with power of connections. */
const CONNECTION_CHANGES: Record<string, Change> = {
  INVALID_DOMAIN: { connection: `${HOST}:epex_da`, groups: undefined },
  UNRECOGNIZED_ASSET: { connection: `${HOST}:fm1.11`, groups: undefined },
  UNRECOGNIZED_CONNECTION_GROUP: { connection: `${HOST}:3:99999`, groups: undefined },
};

const READS: Record<string, Change> = {
  ...CONNECTION_CHANGES,
  INVALID_MESSAGE_TYPE: BAD_TYPE,
  NO_MESSAGE_TYPE: { type: undefined },
  INVALID_SOURCE: { source: 'Gardener' },
  INVALID_TIMEZONE: NAIVE_START,
  INVALID_UNIT: { unit: 'kW' },
  INVALID_PERIOD: { duration: 'one hour' },
  INVALID_RESOLUTION: { resolution: 'PT7M' },
  INVALID_HORIZON: { horizon: 'soon' },
};

const SERIES: Record<string, Change> = {
  INVALID_MESSAGE_TYPE: BAD_TYPE,
  NO_MESSAGE_TYPE: { type: undefined },
  INVALID_TIMEZONE: NAIVE_START,
  INVALID_UNIT: { unit: 'furlong' },
  INVALID_PERIOD: { start: 'yesterday' },
  INVALID_HORIZON: { horizon: 'soon' },
  REQUIRED_INFO_MISSING: { duration: undefined },
};

const POWER_POSTS: Record<string, Change> = {
  ...SERIES,
  INVALID_DOMAIN: { connection: `${HOST}:epex_da`, groups: undefined, values: seed.METERED },
  UNRECOGNIZED_ASSET: { connection: `${HOST}:fm1.11`, groups: undefined, values: seed.METERED },
  UNRECOGNIZED_CONNECTION_GROUP: { connection: 'CS 99', groups: undefined, values: seed.METERED },
  INVALID_RESOLUTION: { connection: 'CS 1', groups: undefined, values: Array.from({ length: 18 }, () => 1) },
  PTUS_INCOMPLETE: { connection: 'CS 1', groups: undefined, values: [1, null, 'x'] },
  POWER_VALUE_TOO_BIG: { connection: 'Solar', groups: undefined, values: [1] },
  POWER_VALUE_TOO_SMALL: { connection: 'Meter', groups: undefined, values: [-1] },
};

const PRICE_POSTS: Record<string, Change> = {
  ...SERIES,
  INVALID_DOMAIN: { market: 'epex_da' },
  UNRECOGNIZED_ASSET: { market: `${HOST}:fm1.10` },
  UNRECOGNIZED_MARKET: { market: `${HOST}:kpx_da` },
  PTUS_INCOMPLETE: { values: [null] },
};

const WEATHER_POSTS: Record<string, Change> = {
  ...SERIES,
  INVALID_DOMAIN: { groups: undefined, sensor: `${HOST}:epex_da`, values: [1] },
  UNRECOGNIZED_ASSET: { groups: undefined, sensor: `${HOST}:fm1.10`, values: [1] },
  UNRECOGNIZED_SENSOR: {
    groups: undefined,
    sensor: `${HOST}:temperature:33:126`,
    values: [1],
    duration: 'PT15M',
  },
};

const UDI_POSTS: Record<string, Change> = {
  INVALID_MESSAGE_TYPE: BAD_TYPE,
  NO_MESSAGE_TYPE: { type: undefined },
  INVALID_TIMEZONE: { datetime: '2015-06-02T10:00:00' },
  INVALID_DATETIME: { datetime: undefined },
  INVALID_DOMAIN: { event: `${HOST}:7:18:1:soc` },
  INVALID_UNIT: { unit: 'MW' },
  PTUS_INCOMPLETE: { value: undefined },
  UNRECOGNIZED_UDI_EVENT: { event: `${HOST}:7:10:300:temperature` },
  UNRECOGNIZED_CONNECTION_GROUP: { event: `${HOST}:7:16:300:soc` },
};

const DEVICE_MESSAGES: Record<string, Change> = {
  INVALID_MESSAGE_TYPE: BAD_TYPE,
  NO_MESSAGE_TYPE: { type: undefined },
  INVALID_DOMAIN: { event: `${HOST}:7:18:1:soc` },
  INVALID_UNIT: { unit: 'kW' },
  UNRECOGNIZED_UDI_EVENT: { event: `${HOST}:7:10:999:soc` },
  UNRECOGNIZED_CONNECTION_GROUP: { event: `${HOST}:7:99999:203:soc` },
};

interface Endpoint {
  method: 'GET' | 'POST';
  message: object;
  refused: Record<string, Change>;
}

const METER_DATA: Record<string, Endpoint> = {
  getMeterData: { method: 'GET', message: seed.GET_METER_DATA, refused: READS },
  postMeterData: { method: 'POST', message: seed.POST_METER_DATA, refused: POWER_POSTS },
};

const DATA: Record<string, Endpoint> = {
  ...METER_DATA,
  getPrognosis: { method: 'GET', message: seed.GET_PROGNOSIS, refused: READS },
  postPrognosis: { method: 'POST', message: seed.POST_PROGNOSIS, refused: POWER_POSTS },
  postPriceData: { method: 'POST', message: seed.POST_PRICE_DATA, refused: PRICE_POSTS },
  postWeatherData: { method: 'POST', message: seed.POST_WEATHER_DATA, refused: WEATHER_POSTS },
  getConnection: { method: 'GET', message: {}, refused: { INVALID_MESSAGE_TYPE: BAD_TYPE } },
};

const control = (refused: Record<string, Change> = {}): Record<string, Endpoint> => ({
  ...DATA,
  postUdiEvent: { method: 'POST', message: seed.POST_UDI_EVENT, refused: { ...UDI_POSTS, ...refused } },
  getDeviceMessage: { method: 'GET', message: seed.GET_DEVICE_MESSAGE, refused: DEVICE_MESSAGES },
});

const WITHOUT_TARGETS = { INCOMPLETE_UDI_EVENT: { event: `${HOST}:7:10:205:soc-with-targets` } };

/** The endpoints of each version, and the statuses that its documentation names; and others that it has as well. */
const VERSIONS: Record<string, Record<string, Endpoint>> = {
  v1: METER_DATA,
  v1_1: DATA,
  v1_2: control(),
  v1_3: control(WITHOUT_TARGETS),
  v2_0: control(WITHOUT_TARGETS),
};

const ROWS = [
  ...Object.entries(VERSIONS).flatMap(([version, endpoints]) =>
    Object.entries(endpoints).map(([name, endpoint]) => [`${version}/${name}`, endpoint] as const),
  ),
  ['v1/getMeterData', { method: 'POST', message: seed.GET_METER_DATA, refused: READS }] as const,
].map(([path, endpoint]) => [endpoint.method, path, endpoint] as const);

const changed = (message: object, change: Change): object =>
  Object.fromEntries(Object.entries({ ...message, ...change }).filter(([, value]) => value !== undefined));

const responseType = (path: string): string => {
  const name = path.split('/')[1]!;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Response`;
};

let scene: LegacyScene;

/** Statuses of the answers of this file, in the form of `SEED_STATUSES`. */
const answered = new Set<string>();

beforeAll(async () => {
  scene = await startLegacyScene();
  const { request } = scene.api;
  scene.api.request = async (method, path, options) => {
    const answer = await request(method, path, options);
    const endpoint = path.replace(/^\/api\/|\?.*/g, '').replace(/\/(asset|user)\/[^/]+/, '/$1/(id)');
    const { status } = answer.body as { status?: unknown };
    answered.add(`${method} ${endpoint} ${answer.status} ${String(status)}`);
    return answer;
  };
});
afterAll(() => scene.stop());

describe.each(ROWS)('%s %s', (method, path, { message, refused }) => {
  it.each(Object.entries(refused))('answers 400 %s', async (status, change) => {
    const answer = await scene.send(method, path, changed(message, change));
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { status, result: 'Rejected', type: responseType(path), message: expect.any(String) as string },
    ]);
  });

  it('answers 401 without a token, 403 with a token without the scope, and 405 to other methods', async () => {
    const nobody = await scene.send(method, path, message, null);
    expect(nobody).toMatchObject({ status: 401, body: { status: 'UNAUTHORIZED', type: responseType(path) } });
    const token = await deviceToken(path.includes('/get') ? 'post-data' : 'read');
    const device = await scene.api.request(method, `/api/${path}`, {
      token,
      json: method === 'GET' ? undefined : message,
    });
    expect(device).toMatchObject({
      status: 403,
      body: { status: 'INVALID_SENDER', type: responseType(path) },
    });
    const other = await scene.send('PUT', path, message);
    expect(other).toMatchObject({ status: 405, body: { status: 'INVALID_METHOD', result: 'Rejected' } });
  });
});

const tokens: Record<string, string> = {};

async function deviceToken(scope: string): Promise<string> {
  tokens[scope] ??= await createDeviceToken(scope);
  return tokens[scope];
}

async function createDeviceToken(scope: string, assets?: number[]): Promise<string> {
  const path = `/api/v3_0/users/${scene.ids.member}/tokens`;
  const json = { name: `gateway ${scope}${assets ? ` of ${assets.join()}` : ''}`, scopes: [scope], assets };
  const { body } = await scene.api.request('POST', path, { token: scene.tokenOf('member'), json });
  return (body as { token: string }).token;
}

it('Places of weather sensors are not told to devices that may not read them', async () => {
  const json = changed(seed.POST_WEATHER_DATA, WEATHER_POSTS['UNRECOGNIZED_SENSOR']!);
  const { rows } = await scene.sql.query<{ id: number }>(
    'SELECT generic_asset_id AS id FROM sensor WHERE id = 10',
  );
  const token = await createDeviceToken('post-data', [rows[0]!.id]);
  const ask = (one: string) => scene.api.request('POST', '/api/v2_0/postWeatherData', { token: one, json });
  expect(JSON.stringify((await ask(scene.tokenOf('member'))).body)).toContain('The nearest sensor is at');
  expect((await ask(token)).body).toMatchObject({
    status: 'UNRECOGNIZED_SENSOR',
    message: expect.stringContaining('There is no such sensor at all.') as string,
  });
});

describe('UDI events', () => {
  const versions = ['v1_2', 'v1_3', 'v2_0'] as const;
  const post = (version: string, message: object) => scene.send('POST', `${version}/postUdiEvent`, message);
  const statusOf = async (answer: Promise<{ status: number; body: unknown }>) => {
    const { status, body } = await answer;
    return [status, (body as { status: string }).status];
  };
  const event = (id: number, datetime: string, sensor = 10) => ({
    ...{ ...seed.POST_UDI_EVENT, datetime },
    event: `${HOST}:7:${sensor}:${id}:soc`,
  });

  it.each(versions)('of %s must come in order', async (version) => {
    await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
    expect(await statusOf(post(version, event(5, '2015-06-02T10:00:00Z')))).toEqual([200, 'PROCESSED']);
    expect(await statusOf(post(version, event(5, '2015-06-02T11:00:00Z')))).toEqual([
      400,
      'OUTDATED_UDI_EVENT',
    ]);
    expect(await statusOf(post(version, event(4, '2015-06-02T11:00:00Z')))).toEqual([
      400,
      'OUTDATED_UDI_EVENT',
    ]);
    expect(await statusOf(post(version, event(6, '2015-06-02T09:00:00Z')))).toEqual([
      400,
      'INVALID_DATETIME',
    ]);
    const atTheSameTime = await statusOf(post(version, event(6, '2015-06-02T10:00:00Z')));
    expect(atTheSameTime).toEqual(version === 'v1_2' ? [400, 'INVALID_DATETIME'] : [200, 'PROCESSED']);
  });

  const ask = (version: string, sensor: number, id: number) =>
    scene.send('GET', `${version}/getDeviceMessage`, {
      ...{ type: 'GetDeviceMessageRequest', event: `${HOST}:7:${sensor}:${id}:soc` },
    });

  it.each([
    ['v1_2', 'UNKNOWN_PRICES'],
    ['v1_3', 'UNKNOWN_PRICES'],
    ['v2_0', 'UNKNOWN_PRICES'],
  ])('of %s without prices are answered with %s', async (version, expected) => {
    await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
    await post(version, event(1, '2011-06-02T10:00:00Z'));
    const answer = await eventually(
      () => ask(version, 10, 1),
      ({ body }) => !/waiting|in progress/.test(JSON.stringify(body)),
    );
    expect([answer.status, (answer.body as { status: string }).status]).toEqual([400, expected]);
  });

  it.each(versions)(
    'of %s are answered with UNKNOWN_SCHEDULE if their job is no longer kept',
    async (version) => {
      await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
      await post(version, event(1, '2015-06-02T10:00:00Z'));
      await scene.sql.query('DELETE FROM udi_event');
      expect(await statusOf(ask(version, 10, 1))).toEqual([400, 'UNKNOWN_SCHEDULE']);
    },
  );

  it.each(['v1_3', 'v2_0'])('of %s with bad targets are refused', async (version) => {
    const target = (targets: unknown) => post(version, { ...seed.POST_UDI_EVENT_WITH_TARGETS, targets });
    const datetime = '2015-06-02T16:00:00Z';
    expect(await statusOf(target([{ datetime }]))).toEqual([400, 'PTUS_INCOMPLETE']);
    expect(await statusOf(target([{ value: 'full', datetime }]))).toEqual([400, 'PTUS_INCOMPLETE']);
    expect(await statusOf(target([{ value: 20 }]))).toEqual([400, 'INVALID_DATETIME']);
    expect(await statusOf(target([{ value: 20, datetime: '2015-06-02T16:00:00' }]))).toEqual([
      400,
      'INVALID_TIMEZONE',
    ]);
    expect(await statusOf(target([{ value: 20, datetime: '2016-06-02T16:00:00Z' }]))).toEqual([
      400,
      'INVALID_DATETIME',
    ]);
    const broken = await post(version, { ...seed.POST_UDI_EVENT, soc_min: -5 });
    expect(broken).toMatchObject({
      status: 422,
      body: { status: 'UNPROCESSABLE_ENTITY', type: 'PostUdiEventResponse' },
    });
  });

  it.each(versions)('of %s need a readable duration', async (version) => {
    const query = { ...seed.GET_DEVICE_MESSAGE, duration: 'long' };
    expect(await statusOf(scene.send('GET', `${version}/getDeviceMessage`, query))).toEqual([
      422,
      'UNPROCESSABLE_ENTITY',
    ]);
  });
});

describe('Assets and users of v2_0', () => {
  const NEW = {
    ...{ name: 'Another battery', asset_type: 'battery', unit: 'kW', owner_id: 1, market_id: 11 },
    ...{ event_resolution: 5, capacity_in_mw: 4.2 },
  };

  const CASES: [string, string, object | undefined, number, string, LegacyPerson?][] = [
    ['GET', 'assets?owner_id=x', undefined, 400, 'INVALID_REQUEST'],
    ['GET', 'assets?owner_id=1', undefined, 403, 'INVALID_SENDER', 'colleague'],
    ['POST', 'assets', NEW, 403, 'INVALID_SENDER', 'accountAdmin'],
    ['POST', 'assets', { ...NEW, owner_id: 9999 }, 422, 'UNPROCESSABLE_ENTITY', 'admin'],
    ['POST', 'assets', { ...NEW, owner_id: 2_147_483_648 }, 422, 'UNPROCESSABLE_ENTITY', 'admin'],
    ['POST', 'assets', { ...NEW, market_id: 10 }, 422, 'UNPROCESSABLE_ENTITY', 'admin'],
    ['POST', 'assets', { ...NEW, colour: 'red' }, 422, 'UNPROCESSABLE_ENTITY', 'admin'],
    ['POST', 'assets', { ...NEW, unit: 'kWh' }, 422, 'UNPROCESSABLE_ENTITY', 'admin'],
    ['PATCH', 'asset/18', { unit: 'EUR/MWh' }, 422, 'UNPROCESSABLE_ENTITY', 'accountAdmin'],
    [
      'POST',
      'assets',
      { ...NEW, min_soc_in_mwh: 2, max_soc_in_mwh: 1 },
      422,
      'UNPROCESSABLE_ENTITY',
      'admin',
    ],
    ...(['asset', 'user'] as const).flatMap(
      (kind): [string, string, object | undefined, number, string][] => [
        ['GET', `${kind}/x`, undefined, 400, 'REQUIRED_INFO_MISSING'],
        ['GET', `${kind}/0`, undefined, 400, 'INVALID_REQUEST'],
        ['GET', `${kind}/1?view=all`, undefined, 400, 'UNEXPECTED_PARAMS'],
        ['GET', `${kind}/99999`, undefined, 404, 'NOT_FOUND'],
        ['PATCH', `${kind}/x`, {}, 400, 'REQUIRED_INFO_MISSING'],
        ['PATCH', `${kind}/0`, {}, 400, 'INVALID_REQUEST'],
        ['PATCH', `${kind}/1?view=all`, {}, 400, 'UNEXPECTED_PARAMS'],
      ],
    ),
    ['GET', 'asset/16', undefined, 403, 'INVALID_SENDER'],
    ['PATCH', 'asset/16', { latitude: 1 }, 403, 'INVALID_SENDER'],
    ['PATCH', 'asset/1', { latitude: 'north' }, 422, 'UNPROCESSABLE_ENTITY'],
    ['PATCH', 'asset/1', { unit: 'W' }, 403, 'INVALID_SENDER'],
    ['DELETE', 'asset/x', undefined, 400, 'REQUIRED_INFO_MISSING'],
    ['DELETE', 'asset/0', undefined, 400, 'INVALID_REQUEST'],
    ['DELETE', 'asset/1?all=1', undefined, 400, 'UNEXPECTED_PARAMS'],
    ['DELETE', 'asset/1', undefined, 403, 'INVALID_SENDER'],
    ['GET', 'users?account_id=x', undefined, 400, 'INVALID_REQUEST'],
    ['GET', 'users?include_inactive=perhaps', undefined, 400, 'INVALID_REQUEST'],
    ['GET', 'users?account_id=2', undefined, 403, 'INVALID_SENDER'],
    ['PATCH', 'user/x/password-reset', undefined, 400, 'REQUIRED_INFO_MISSING'],
    ['PATCH', 'user/0/password-reset', undefined, 400, 'INVALID_REQUEST'],
    ['PATCH', 'user/1/password-reset?now=1', undefined, 400, 'UNEXPECTED_PARAMS'],
  ];

  // All rows are complete, because jest passes a callback in place of a missing value.
  const rows = CASES.map(
    ([method, path, body, code, status, person = 'member']) =>
      [method, path, body, code, status, person] as const,
  );

  it.each(rows)('answer %s %s %j with %s %s', async (method, path, body, code, status, person) => {
    const answer = await scene.api.request(method, `/api/v2_0/${path}`, {
      token: scene.tokenOf(person),
      json: body,
    });
    expect([answer.status, (answer.body as { status: string }).status]).toEqual([code, status]);
  });

  it('take a whole answer back, and change what differs', async () => {
    const { body } = await scene.send('GET', 'v2_0/asset/10', undefined, 'accountAdmin');
    const sent = { ...(body as object), id: 99, latitude: 52.5 };
    const answer = await scene.send('PATCH', 'v2_0/asset/10', sent, 'accountAdmin');
    expect(answer).toMatchObject({ status: 200, body: { ...sent, id: 10 } });
  });

  it.each([
    ['GET', 'user'],
    ['PATCH', 'user'],
  ])('refuse %s of users of another account', async (method) => {
    const body = method === 'GET' ? undefined : { timezone: 'UTC' };
    const answer = await scene.send(method, `v2_0/user/${scene.ids.stranger}`, body);
    expect(answer).toMatchObject({ status: 403, body: { status: 'INVALID_SENDER' } });
    const reset = await scene.send('PATCH', `v2_0/user/${scene.ids.stranger}/password-reset`);
    expect(reset).toMatchObject({ status: 403 });
  });

  it('refuse a time zone that does not exist', async () => {
    const answer = await scene.send('PATCH', `v2_0/user/${scene.ids.member}`, { timezone: 'Mars/Olympus' });
    expect(answer).toMatchObject({
      status: 422,
      body: { message: { json: { timezone: expect.any(Array) as string[] } } },
    });
  });

  it('answer 400 to a new asset that is not JSON', async () => {
    const answer = await scene.api.request('POST', '/api/v2_0/assets', {
      token: scene.tokenOf('admin'),
      text: '{"name":',
    });
    expect(answer).toMatchObject({ status: 400, body: { status: 'INVALID_REQUEST' } });
  });

  it.each([
    ...['assets', 'asset/1', 'users', 'user/1'].map((path) => ['GET', path] as const),
    ...['asset/1', 'user/1', 'user/1/password-reset'].map((path) => ['PATCH', path] as const),
    ['POST', 'assets'] as const,
    ['DELETE', 'asset/1'] as const,
  ])('answer 401 for %s %s without a token', async (method, path) => {
    expect(await scene.send(method, `v2_0/${path}`, undefined, null)).toMatchObject({ status: 401 });
  });
});

describe('Lists of services', () => {
  it.each(Object.keys(VERSIONS))('of %s are those of a role, if one is given', async (version) => {
    const of = (role: string) => scene.send('GET', `${version}/getService?access=${role}`, undefined, null);
    expect(await of('Prosumer')).toMatchObject({ status: 200 });
    expect(await of('Gardener')).toMatchObject({
      status: 400,
      body: { status: 'INVALID_ROLE', type: 'GetServiceResponse' },
    });
  });
});

it('Every status that the documentation lists was answered above, by each endpoint and version', () => {
  const missing = SEED_STATUSES.filter((status) => !answered.has(status.replace(/^\w+(?=.* 405 )/, 'PUT')));
  expect({ missing, listed: SEED_STATUSES.length }).toEqual({ missing: [], listed: 384 });
});
