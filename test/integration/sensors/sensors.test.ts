import { AccountsService, UsersService } from '#lib/accounts';
import { AssetsService } from '#lib/assets';
import { Transactions } from '#lib/database';
import { SensorsService, SourcesService } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor } from '../../harness/databases/factories';

describe('sensors and sources', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('are listed for more assets than a statement has parameters', async () => {
    const { id: accountId } = await app.get(AccountsService).create('Large');
    const asset = await anAsset(app, { accountId });
    const { id, name } = await aSensor(app, { asset });
    const many = Array.from({ length: 70_000 }, (_, n) => n + 1_000_000);
    const assetIds = [asset.id, ...many];
    expect((await app.get(SensorsService).listNamesByAsset(assetIds)).get(asset.id)).toMatchObject([{ id }]);
    const page = await app
      .get(SensorsService)
      .page({ accountIds: [accountId], assetIds, filter: name, offset: 0, limit: 10 });
    expect(page).toMatchObject({ items: [{ id }], total: 1 });
    expect((await app.get(SourcesService).listByIds(many)).length).toBe(0);
  });

  it('keeps unit, resolution and zone', async () => {
    const { id } = await aSensor(app, {
      unit: 'EUR/MWh',
      eventResolutionMs: 86_400_000,
      timezone: 'Asia/Seoul',
    });
    expect(await app.get(SensorsService).get(id)).toMatchObject({
      unit: 'EUR/MWh',
      eventResolutionMs: 86_400_000,
      timezone: 'Asia/Seoul',
    });
  });

  it('returns the same sensor from single and multiple lookups, with all fields', async () => {
    const sensors = app.get(SensorsService);
    const knowledgeHorizonPar = { x: 1, y: 12, z: 'Europe/Paris' };
    const { id } = await aSensor(app, {
      eventResolutionMs: 86_400_000,
      attributes: { 'a "b"': [1.5, null, { c: 'ü' }] },
      knowledgeHorizonFnc: 'x_days_ago_at_y_oclock',
      knowledgeHorizonPar,
    });
    const { id: instantaneous, assetId } = await aSensor(app, { eventResolutionMs: 0 });
    await app.get(AssetsService).setAttributes(assetId, { deep: { a: [] } });
    await app
      .get(Transactions)
      .query('UPDATE generic_asset SET latitude = 52.3740001, longitude = -4.1234567 WHERE id = $1', [
        assetId,
      ]);
    const both = await sensors.listByIds([id, instantaneous]);
    expect(await Promise.all([id, instantaneous].map((one) => sensors.get(one)))).toStrictEqual(both);
    expect(both[1]?.asset).toMatchObject({ latitude: 52.3740001, attributes: { deep: { a: [] } } });
    expect(both[1]?.asset.assetType.name).toEqual(expect.any(String));
  });

  it.each([
    [{ unit: 'parsecs/fortnight²²' }, 'unit'],
    [{ timezone: 'Mars/Base' }, 'timezone'],
    [{ eventResolutionMs: -1 }, 'event_resolution'],
  ])('refuses a sensor with %j', async (change, field) => {
    const { id: assetId } = await anAsset(app);
    const sensor = { name: 'power', unit: 'MW', timezone: 'UTC', eventResolutionMs: 0, assetId, ...change };
    await expect((async () => app.get(SensorsService).create(sensor))()).rejects.toMatchObject({
      code: 'SENSOR_INVALID',
      field,
    });
  });

  it('treats an id that is out of range as not found', async () => {
    await expect(app.get(SensorsService).get(99_999_999_999)).rejects.toMatchObject({
      code: 'SENSOR_NOT_FOUND',
    });
  });

  it('adds a source once for concurrent requests', async () => {
    const key = { name: 'Seita', type: 'scheduling script', model: 'StorageScheduler', version: '1' };
    const ids = await Promise.all(
      Array.from({ length: 10 }, () => app.get(SourcesService).findOrCreate(key)),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await app.get(SourcesService).findOrCreate({ ...key, version: '2' })).not.toBe(ids[0]);
  });

  it('finds the source of a user by name and id, and the source of a script by name', async () => {
    const account = await app.get(AccountsService).create('Company');
    const user = await app.get(UsersService).create({
      username: 'me',
      email: 'me@example.com',
      password: 'secret-word',
      accountId: account.id,
    });
    const sources = app.get(SourcesService);
    expect(await sources.findOrCreateByLabel('me')).toBe(await sources.findOrCreateByLabel(String(user.id)));
    expect(await sources.findOrCreateByLabel('legacy database')).toBe(
      await sources.findOrCreateByLabel('legacy database'),
    );
    expect(await sources.findOrCreateByLabel('legacy database')).not.toBe(
      await sources.findOrCreateByLabel('me'),
    );
    await expect(sources.findOrCreateByLabel('99')).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });
});
