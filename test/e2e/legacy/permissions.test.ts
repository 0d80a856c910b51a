import { eventually } from '../../harness/eventually';
import { oldOperations } from '../../harness/contract/contract';
import { startLegacyScene, type LegacyPerson, type LegacyScene } from '../../harness/scenes/legacy-scene';
import * as seed from './seed-messages';

const { HOST } = seed;
const COLUMNS = [null, 'stranger', 'member', 'accountAdmin', 'reader', 'admin'] as const;

/** Statuses for: nobody, account-admin of another account, member, account-admin, admin-reader, admin. */
type Expected = readonly [number, number, number, number, number, number];

/** 400: for strangers, sensors of other accounts do not exist. */
const READ: Expected = [401, 400, 200, 200, 200, 200];
const WRITE: Expected = [401, 400, 200, 200, 403, 200];
const OPEN: Expected = [200, 200, 200, 200, 200, 200];
const ANY_USER: Expected = [401, 200, 200, 200, 200, 200];

/** A request, by the number of the request: some can be sent only once. */
type Send = (
  path: string,
  person: LegacyPerson | null,
  count: number,
) => Promise<{ status: number; body: unknown }>;

let scene: LegacyScene;

const sends =
  (method: string, message?: object): Send =>
  (path, person) =>
    scene.send(method, path, message, person);

const newAsset = (count: number) => ({
  ...{
    name: `Battery of permissions ${count}`,
    asset_type: 'battery',
    unit: 'kW',
    owner_id: scene.ids.member,
  },
  ...{ market_id: 11, event_resolution: 5, capacity_in_mw: 4.2 },
});

const deletesAsset: Send = async (path, person, count) => {
  const { body } = await scene.send('POST', 'v2_0/assets', newAsset(count), 'admin');
  return scene.send('DELETE', path.replace('{id}', String((body as { id: number }).id)), undefined, person);
};

const toUser =
  (method: string, message?: object): Send =>
  (path, person) =>
    scene.send(method, path.replace('{id}', String(scene.ids.colleague)), message, person);

const toAsset =
  (method: string, message?: object): Send =>
  (path, person) =>
    scene.send(method, path.replace('{id}', '1'), message, person);

/** One row for each operation. */
const MATRIX: Record<string, [Send, Expected]> = {
  getService: [sends('GET'), OPEN],
  getConnection: [sends('GET'), ANY_USER],
  getMeterData: [sends('GET', seed.GET_METER_DATA), READ],
  getMeterDataByPost: [sends('POST', seed.GET_METER_DATA), READ],
  postMeterData: [sends('POST', seed.POST_METER_DATA), WRITE],
  getPrognosis: [sends('GET', seed.GET_PROGNOSIS), READ],
  postPrognosis: [sends('POST', seed.POST_PROGNOSIS), WRITE],
  postPriceData: [sends('POST', seed.POST_PRICE_DATA), WRITE],
  postWeatherData: [sends('POST', seed.POST_WEATHER_DATA), WRITE],
  getDeviceMessage: [sends('GET', { ...seed.GET_DEVICE_MESSAGE, event: `${HOST}:7:10:1:soc` }), READ],
  postUdiEvent: [
    (path, person, count) =>
      scene.send(
        'POST',
        path,
        {
          ...seed.POST_UDI_EVENT,
          event: `${HOST}:7:21:${count}:soc`,
          datetime: new Date(Date.UTC(2015, 5, 2, 10, count)).toISOString(),
        },
        person,
      ),
    WRITE,
  ],
  getAssets: [sends('GET'), ANY_USER],
  postAssets: [
    (path, person, count) => scene.send('POST', path, newAsset(count), person),
    [401, 403, 403, 403, 403, 201],
  ],
  getAsset: [toAsset('GET'), [401, 403, 200, 200, 200, 200]],
  patchAsset: [toAsset('PATCH', { latitude: 52 }), [401, 403, 200, 200, 403, 200]],
  deleteAsset: [deletesAsset, [401, 403, 403, 204, 403, 204]],
  getUsers: [sends('GET'), ANY_USER],
  getUser: [toUser('GET'), [401, 403, 403, 200, 200, 200]],
  patchUser: [toUser('PATCH', { timezone: 'UTC' }), [401, 403, 403, 200, 403, 200]],
  // Only in play mode, for admins.
  restoreData: [sends('PUT', { backup: 'first' }), [401, 403, 403, 403, 403, 404]],
  restoreDataWithoutVersion: [sends('PUT', { backup: 'first' }), [401, 403, 403, 403, 403, 404]],
  resetUserPassword: [toUser('PATCH'), [401, 403, 403, 403, 403, 200]],
};

beforeAll(async () => {
  scene = await startLegacyScene();
  await scene.send('POST', 'v1_3/postPriceData', seed.PRICES_FOR_UDI_EVENTS);
  const event = { ...seed.POST_UDI_EVENT, event: `${HOST}:7:10:1:soc` };
  await scene.send('POST', 'v1_3/postUdiEvent', event);
  const ask = () =>
    scene.send('GET', 'v1_3/getDeviceMessage', { ...seed.GET_DEVICE_MESSAGE, event: event.event });
  await eventually(ask, ({ status }) => status === 200);
});
afterAll(() => scene.stop());

let count = 0;

describe('Permissions of the versions before 3', () => {
  const rows = oldOperations().map(
    ({ operationId, method, path }) => [`${method} ${path}`, operationId, path.replace('/api/', '')] as const,
  );

  it.each(rows)('answer %s according to the user', async (_name, operationId, path) => {
    const [send, expected] = MATRIX[operationId]!;
    const statuses: Record<string, number> = {};
    for (const person of COLUMNS) {
      const { status } = await send(path, person, ++count);
      statuses[person ?? 'nobody'] = status;
    }
    expect(statuses).toEqual(
      Object.fromEntries(COLUMNS.map((person, i) => [person ?? 'nobody', expected[i]])),
    );
  });

  it('allow only admins to post to public markets', async () => {
    const message = { ...seed.POST_PRICE_DATA, market: `${HOST}:public_da` };
    for (const [person, status] of [
      ['member', 403],
      ['accountAdmin', 403],
      ['admin', 200],
    ] as const)
      expect([person, (await scene.send('POST', 'v1_1/postPriceData', message, person)).status]).toEqual([
        person,
        status,
      ]);
  });

  it('tell a sensor of another account from no sensor in no answer', async () => {
    const bodyOf = async (method: string, path: string, message: object) =>
      JSON.stringify((await scene.send(method, path, message)).body).replaceAll(/\b(?:16|19|99999)\b/g, 'N');
    for (const [method, path, message] of [
      [
        'GET',
        'v1/getMeterData',
        (id: number) => ({ ...seed.GET_METER_DATA, connection: `${HOST}:fm1.${id}` }),
      ],
      [
        'POST',
        'v1/postMeterData',
        (id: number) => ({
          ...seed.POST_METER_DATA,
          groups: undefined,
          connection: `${HOST}:7:${id}`,
          values: [1],
        }),
      ],
      [
        'POST',
        'v2_0/postPriceData',
        (id: number) => ({ ...seed.POST_PRICE_DATA_V2, market: `${HOST}:fm1.${id === 16 ? 19 : id}` }),
      ],
      [
        'POST',
        'v1_3/postUdiEvent',
        (id: number) => ({ ...seed.POST_UDI_EVENT, event: `${HOST}:7:${id}:1:soc` }),
      ],
      [
        'GET',
        'v1_3/getDeviceMessage',
        (id: number) => ({ ...seed.GET_DEVICE_MESSAGE, event: `${HOST}:7:${id}:1:soc` }),
      ],
      [
        'POST',
        'v2_0/postWeatherData',
        (id: number) => ({
          ...seed.POST_WEATHER_DATA_V2,
          groups: undefined,
          sensor: `${HOST}:fm1.${id}`,
          values: [1],
        }),
      ],
    ] as const)
      expect(await bodyOf(method, path, message(16))).toBe(await bodyOf(method, path, message(99_999)));
    expect(await bodyOf('GET', 'v1/getMeterData', { ...seed.GET_METER_DATA, connection: 'Hidden' })).toBe(
      await bodyOf('GET', 'v1/getMeterData', { ...seed.GET_METER_DATA, connection: 'Unknown' }),
    );
    expect(
      await bodyOf('POST', 'v1_1/postPriceData', { ...seed.POST_PRICE_DATA, market: `${HOST}:hidden_da` }),
    ).toContain('UNRECOGNIZED_MARKET');
  });

  it('show connections and assets of the own account only', async () => {
    const { names } = (await scene.send('GET', 'v1_1/getConnection', undefined, 'stranger')).body as {
      names: string[];
    };
    expect(names).toEqual(['Hidden']);
    const assets = (await scene.send('GET', 'v2_0/assets', undefined, 'stranger')).body as { id: number }[];
    expect(assets.map(({ id }) => id)).toEqual([16]);
  });

  it('limit device tokens to their assets and scopes', async () => {
    const { rows: assets } = await scene.sql.query<{ id: number }>(
      'SELECT generic_asset_id AS id FROM sensor WHERE id = 1',
    );
    const json = { name: 'gateway', scopes: ['read', 'post-data'], assets: [assets[0]!.id] };
    const path = `/api/v3_0/users/${scene.ids.member}/tokens`;
    const created = await scene.api.request('POST', path, { token: scene.tokenOf('member'), json });
    const { token } = created.body as { token: string };
    const ask = (connection: string) =>
      scene.api.request('POST', '/api/v1/getMeterData', {
        token,
        json: { ...seed.GET_METER_DATA, connection },
      });
    expect((await ask('CS 1')).status).toBe(200);
    expect((await ask('CS 2')).status).toBe(400);
    const list = await scene.api.request('GET', '/api/v1_1/getConnection', { token });
    expect(list.body).toMatchObject({ names: ['CS 1'] });
    const event = await scene.api.request('POST', '/api/v1_3/postUdiEvent', {
      token,
      json: seed.POST_UDI_EVENT,
    });
    expect(event).toMatchObject({ status: 403 });
    expect(await scene.api.request('GET', '/api/v2_0/users', { token })).toMatchObject({ status: 403 });
  });

  it('let only account-admins change what belongs to the sensor of an asset', async () => {
    const change = { capacity_in_mw: 0.2 };
    expect(await scene.send('PATCH', 'v2_0/asset/10', change)).toMatchObject({ status: 403 });
    expect(await scene.send('PATCH', 'v2_0/asset/10', change, 'accountAdmin')).toMatchObject({
      ...{ status: 200, body: change },
    });
  });

  it('do not tell users of other accounts from users who do not exist', async () => {
    const bodyOf = async (id: number) =>
      JSON.stringify((await scene.send('PATCH', 'v2_0/asset/1', { owner_id: id })).body).replace(
        String(id),
        'N',
      );
    expect(await bodyOf(scene.ids.stranger)).toBe(await bodyOf(99_999));
    const { colleague } = scene.ids;
    expect(await scene.send('PATCH', 'v2_0/asset/1', { owner_id: colleague })).toMatchObject({
      ...{ status: 200, body: { owner_id: colleague } },
    });
  });

  it('do not let assets refer to prices of other accounts', async () => {
    const change = (market: number) =>
      scene.send('PATCH', 'v2_0/asset/17', { market_id: market }, 'accountAdmin');
    expect(await change(19)).toMatchObject({ status: 403, body: { status: 'INVALID_SENDER' } });
    expect(await change(11)).toMatchObject({ status: 200, body: { market_id: 11 } });
  });

  it('do not let events use prices of other accounts', async () => {
    await scene.sql.query(`UPDATE sensor SET attributes = attributes || '{"market_id": 19}' WHERE id = 17`);
    const message = { ...seed.POST_UDI_EVENT, event: `${HOST}:7:17:1:soc` };
    expect(await scene.send('POST', 'v1_3/postUdiEvent', message)).toMatchObject({
      ...{ status: 403, body: { status: 'INVALID_SENDER', type: 'PostUdiEventResponse' } },
    });
  });
});
