import { AssetsService, getSensorsToShow, getShownAttributes } from '#lib/assets';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset } from '../../harness/databases/factories';

describe('assets', () => {
  let app: TestApp;
  let assetTypeId: number;

  beforeAll(async () => {
    app = await startTestApp();
    await app.get(AssetsService).ensureDefaultTypes();
    assetTypeId = (await app.get(AssetsService).listTypes())[0]!.id;
  });
  afterAll(() => app.close());

  it('numbers the default types as existing installations do', async () => {
    await app.get(AssetsService).ensureDefaultTypes();
    const types = await app.get(AssetsService).listTypes();
    expect(types.map(({ id, name }) => [id, name])).toEqual([
      [1, 'solar'],
      [2, 'wind'],
      [3, 'one-way_evse'],
      [4, 'two-way_evse'],
      [5, 'battery'],
      [6, 'building'],
      [7, 'process'],
    ]);
  });

  it('stores locations with seven decimals', async () => {
    const location = { latitude: 52.1234567, longitude: -4.9876543 };
    const { id } = await app
      .get(AssetsService)
      .create({ name: 'precise', assetTypeId, accountId: null, ...location });
    expect(await app.get(AssetsService).get(id)).toMatchObject(location);
  });

  it('sets an attribute without losing one that is written at the same time', async () => {
    const { id } = await anAsset(app, { attributes: { a: 1 } });
    await Promise.all([
      app.get(AssetsService).setAttributes(id, { b: 2 }),
      app.get(AssetsService).setAttributes(id, { c: 3 }),
    ]);
    expect((await app.get(AssetsService).get(id)).attributes).toEqual({ a: 1, b: 2, c: 3 });
  });

  it.each([
    [{ name: '' }, 'ASSET_INVALID', 'name'],
    [{ latitude: 91, longitude: 0 }, 'ASSET_INVALID', 'latitude'],
    [{ latitude: 52.12345678, longitude: 0 }, 'ASSET_INVALID', 'latitude'],
    [{ latitude: 1, longitude: -1e-8 }, 'ASSET_INVALID', 'longitude'],
    [{ latitude: 1 }, 'ASSET_INVALID', 'longitude'],
    [{ assetTypeId: 99 }, 'ASSET_TYPE_NOT_FOUND', 'generic_asset_type_id'],
    [{ accountId: 99 }, 'ACCOUNT_NOT_FOUND', 'id'],
    [{ parentAssetId: 99 }, 'PARENT_ASSET_INVALID', 'parent_asset_id'],
    [{ name: 'precise' }, 'ASSET_EXISTS', 'name'],
  ])('refuses an asset with %j', async (change, code, field) => {
    const asset = { name: 'new', assetTypeId, accountId: null, ...change };
    await expect((async () => app.get(AssetsService).create(asset))()).rejects.toMatchObject({ code, field });
  });

  it('keeps the field and the attribute with the sensors to show equal when a command sets the attribute', async () => {
    const assets = app.get(AssetsService);
    const asset = await anAsset(app);
    await assets.update(asset, { sensorsToShow: [1] });
    await assets.changeAttributes(asset.id, { sensors_to_show: [2], a: 1 });
    const changed = await assets.get(asset.id);
    expect([getSensorsToShow(changed), getShownAttributes(changed)]).toEqual([
      [2],
      { sensors_to_show: [2], a: 1 },
    ]);
  });

  it('limits the size of stored flexibility', async () => {
    const asset = await anAsset(app);
    const change = { flexModel: { 'soc-max': 'x'.repeat(70_000) } };
    await expect(app.get(AssetsService).update(asset, change)).rejects.toMatchObject({
      code: 'ATTRIBUTES_TOO_LARGE',
      field: 'flex_model',
    });
  });
});
