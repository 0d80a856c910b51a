import { AccountsService, UsersService, type Account } from '#lib/accounts';
import { AccountRemovalService, AssetRemovalService } from '#lib/administration';
import { AssetsService } from '#lib/assets';
import { Transactions } from '#lib/database';
import { SensorsService, SourcesService } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor, aSource, saveValues } from '../../harness/databases/factories';
import { storedBeliefs } from '../../harness/databases/raw-beliefs';

const START = '2026-03-04T00:00Z';

describe('removal', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await startTestApp();
  });
  afterEach(() => app.close());

  const aUser = (account: Account, username: string) =>
    app.get(UsersService).create({
      ...{ username, email: `${username}@example.com` },
      ...{ password: 'secret-word', accountId: account.id },
    });
  const countOf = async (table: string): Promise<number> => {
    const [row] = await app.get(Transactions).query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(row?.count);
  };

  it('deletes the given sensors with their beliefs', async () => {
    const [first, second, third] = [await aSensor(app), await aSensor(app), await aSensor(app)];
    for (const sensor of [first, second, third]) await saveValues(app, sensor, START, [1, 2]);
    expect(await app.get(AssetRemovalService).removeSensors([second.id, first.id])).toBe(4);
    expect(await app.get(SensorsService).listIds()).toEqual([third.id]);
    expect(await countOf('timed_belief')).toBe(2);
    expect(await storedBeliefs(app, third.id)).toHaveLength(2);
  });

  it('deletes all given sensors or none', async () => {
    const sensor = await aSensor(app);
    await saveValues(app, sensor, START, [1, 2]);
    const removal = app.get(AssetRemovalService);
    await expect(removal.removeSensors([sensor.id, 999])).rejects.toMatchObject({ code: 'SENSOR_NOT_FOUND' });
    expect(await storedBeliefs(app, sensor.id)).toHaveLength(2);
  });

  it('deletes an asset with all its parts', async () => {
    const site = await anAsset(app, { type: 'building' });
    const room = await anAsset(app, { type: 'building', parentAssetId: site.id });
    const battery = await anAsset(app, { parentAssetId: room.id });
    for (const asset of [site, room, battery])
      await saveValues(app, await aSensor(app, { asset }), START, [1, 2]);
    const bystander = await aSensor(app);
    await saveValues(app, bystander, START, [3]);
    expect(await app.get(AssetRemovalService).removeAsset(site.id)).toBe(6);
    expect(await app.get(SensorsService).listIds()).toEqual([bystander.id]);
    expect(await countOf('generic_asset')).toBe(1);
    expect(await countOf('timed_belief')).toBe(1);
    await expect(app.get(AssetsService).get(battery.id)).rejects.toMatchObject({ code: 'ASSET_NOT_FOUND' });
  });

  it('deletes an account with users and assets, and keeps the beliefs of its users about other sensors', async () => {
    const account = await app.get(AccountsService).create('Company');
    const user = await aUser(account, 'me');
    const sourceId = await app.get(SourcesService).findOrCreateForUser(user);
    const own = await aSensor(app, { asset: await anAsset(app, { accountId: account.id }) });
    const market = await aSensor(app);
    for (const sensor of [own, market]) await saveValues(app, sensor, START, [1, 2], { sourceId });
    expect(await app.get(AccountRemovalService).removeAccount(account.id)).toBe(2);
    expect((await countOf('account')) + (await countOf('fm_user'))).toBe(0);
    expect((await storedBeliefs(app, market.id)).map(({ source }) => source)).toEqual([sourceId, sourceId]);
    expect(await countOf('timed_belief')).toBe(2);
    expect(await app.get(SourcesService).get(sourceId)).toMatchObject({ name: 'me', userId: null });
  });

  it('keeps the sources separate when users with the same name are deleted one after the other', async () => {
    const account = await app.get(AccountsService).create('Company');
    const sourceIds: number[] = [];
    for (let i = 0; i < 3; i++) {
      const user = await aUser(account, 'me');
      sourceIds.push(await app.get(SourcesService).findOrCreateForUser(user));
      await app.get(AccountRemovalService).removeUser(user.email);
    }
    const sources = await Promise.all(sourceIds.map((id) => app.get(SourcesService).get(id)));
    expect(sources.map(({ name }) => name)).toEqual(['me', 'me (user 2)', 'me (user 3)']);
    expect(sources.every(({ userId }) => userId === null)).toBe(true);
  });

  it('deletes the whole structure', async () => {
    const account = await app.get(AccountsService).create('Company');
    await app.get(SourcesService).findOrCreateForUser(await aUser(account, 'me'));
    await saveValues(app, await aSensor(app), START, [1, 2]);
    await app.get(AccountRemovalService).removeStructure();
    for (const table of ['account', 'fm_user', 'role', 'generic_asset', 'generic_asset_type', 'sensor']) {
      expect([table, await countOf(table)]).toEqual([table, 0]);
    }
    expect((await countOf('data_source')) + (await countOf('timed_belief'))).toBe(0);
  });

  it('leaves no beliefs that are saved at the same time', async () => {
    const asset = await anAsset(app);
    const sensors = [await aSensor(app, { asset }), await aSensor(app, { asset })];
    const sourceId = await aSource(app);
    const saving = sensors.flatMap((sensor) =>
      Array.from({ length: 5 }, (_, i) =>
        saveValues(app, sensor, `2026-03-0${i + 1}T00:00Z`, [1, 2, 3], { sourceId }).then(
          () => 'saved',
          (error: unknown) => (error as { code: string }).code,
        ),
      ),
    );
    const removing = app.get(AssetRemovalService).removeAsset(asset.id);
    const outcomes = await Promise.all(saving);
    await removing;
    expect(outcomes.every((outcome) => ['saved', 'SENSOR_NOT_FOUND'].includes(outcome))).toBe(true);
    expect(await countOf('timed_belief')).toBe(0);
  });
});
