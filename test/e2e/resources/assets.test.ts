import { unprocessable } from '../../harness/contract/answers';
import { startScene, type Person, type Scene } from '../../harness/scenes/api-scene';

describe('Assets API', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const send: Scene['send'] = (...request) => scene.send(...request);
  const get = (path: string, person?: Person) => send('GET', path, undefined, person);

  const asset = {
    name: 'new-solar',
    latitude: 40.5,
    longitude: 5.25,
    generic_asset_type_id: 1,
    account_id: 1,
  };

  it('creates, reads, updates and deletes an asset', async () => {
    const created = await send('POST', '/assets', { ...asset, attributes: '{"capacity_in_mw": 3}' });
    expect(created).toMatchObject({ status: 201, body: { ...asset, attributes: '{"capacity_in_mw":3}' } });
    const { id } = created.body as { id: number };
    expect(await send('PATCH', `/assets/${id}`, { name: 'renamed' })).toMatchObject({
      status: 200,
      body: { ...asset, id, name: 'renamed', status: 200 },
    });
    expect(await send('PATCH', `/assets/${id}`, { id: 77 })).toMatchObject(
      unprocessable('json', { id: ['Unknown field.'] }),
    );
    expect((await send('DELETE', `/assets/${id}`, undefined, 'member')).status).toBe(403);
    const deleted = await send('DELETE', `/assets/${id}`, undefined);
    expect([deleted.status, deleted.headers.get('content-type')]).toEqual([204, 'application/json']);
    expect((await get(`/assets/${id}`)).status).toBe(404);
  });

  it.each([
    [{ name: undefined }, { name: ['Missing data for required field.'] }],
    [
      { latitude: 91.1, longitude: 180.5 },
      {
        latitude: ['Latitude 91.1 exceeds the maximum latitude of 90 degrees.'],
        longitude: ['Longitude 180.5 exceeds the maximum longitude of 180 degrees.'],
      },
    ],
    [{ latitude: 52.12345678 }, { latitude: ['Latitudes and longitudes are limited to 7 decimal places.'] }],
    [{ latitude: 'abc' }, { latitude: ['Not a valid number.'] }],
    [
      { generic_asset_type_id: 999 },
      { generic_asset_type_id: ["GenericAssetType with id 999 doesn't exist."] },
    ],
    [{ account_id: 999 }, { account_id: ["Account with id 999 doesn't exist."] }],
    [{ foo: 1 }, { foo: ['Unknown field.'] }],
    [{ attributes: '{bad' }, { attributes: ['Not a valid JSON string.'] }],
    [{ name: 'toy-solar' }, { name: ['An asset with the name toy-solar already exists in this account.'] }],
  ])('rejects a new asset with %j', async (change, reasons) => {
    expect(await send('POST', '/assets', { ...asset, name: 'x', ...change })).toMatchObject(
      unprocessable('json', reasons),
    );
  });

  it('answers lists and single assets with the sensors of each asset', async () => {
    const battery = { id: 3, sensors: [{ id: 2, name: 'discharging' }] };
    const listed = (await get('/assets')).body as { id: number; sensors: unknown }[];
    expect(listed.find(({ id }) => id === 3)).toMatchObject(battery);
    expect((await get('/assets/3')).body).toMatchObject(battery);
    expect((await send('PATCH', '/assets/3', { latitude: 52.374 })).body).toMatchObject(battery);
    const created = await send('POST', '/assets', { ...asset, name: 'without sensors' });
    expect(created.body).toMatchObject({ sensors: [] });
    const { id } = created.body as { id: number };
    expect(((await get('/assets')).body as unknown[]).at(-1)).toMatchObject({ id, sensors: [] });
  });

  it('answers 404 for an unknown asset to every user', async () => {
    for (const person of ['member', 'accountAdmin', 'stranger', 'reader', 'admin'] as const)
      expect((await send('DELETE', '/assets/9999', undefined, person)).status).toBe(404);
    expect((await scene.api.request('DELETE', '/api/v3_0/assets/9999')).status).toBe(401);
  });
});
