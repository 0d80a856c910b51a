import { AccountsService, UsersService } from '#lib/accounts';
import { DeviceTokensService } from '#lib/device-tokens';
import { canRead, SensorAccess, type Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor } from '../../harness/databases/factories';

describe('SensorAccess', () => {
  let app: TestApp;
  let sensors: Record<'own' | 'theirs' | 'open', Sensor>;
  beforeAll(async () => {
    app = await startTestApp();
    await app.get(UsersService).ensureRoles();
    const accounts = [];
    for (const name of ['Company', 'Other']) accounts.push((await app.get(AccountsService).create(name)).id);
    const of = async (accountId: number | null) => aSensor(app, { asset: await anAsset(app, { accountId }) });
    const [own, theirs, open] = [await of(accounts[0]!), await of(accounts[1]!), await of(null)];
    sensors = { own, theirs, open };
  });
  afterAll(() => app.close());

  const aUser = async (...roles: string[]): Promise<number> => {
    const username = `user of ${roles.join(' and ') || 'no role'}`;
    const accountId = sensors.own.asset.accountId!;
    const email = `${roles.join('.')}x@example.com`;
    return (
      await app.get(UsersService).create({ username, email, password: 'secret-word', accountId, roles })
    ).id;
  };

  const readable = async (userId: number | undefined, of: Sensor) => {
    const mayRead = canRead(await app.get(SensorAccess).getActor(userId, of.asset));
    return Object.entries(sensors).flatMap(([name, sensor]) => (mayRead(sensor) ? [name] : []));
  };

  it.each([
    [[], ['own', 'open']],
    [['account-admin'], ['own', 'open']],
    [['admin-reader'], ['own', 'theirs', 'open']],
    [['admin'], ['own', 'theirs', 'open']],
  ])('reads with the permissions of a user with the roles %j', async (roles, expected) => {
    expect(await readable(await aUser(...roles), sensors.theirs)).toEqual(expected);
  });

  it('reads without a user with the permissions of the account of the asset, or only public sensors', async () => {
    expect(await readable(undefined, sensors.own)).toEqual(['own', 'open']);
    expect(await readable(undefined, sensors.theirs)).toEqual(['theirs', 'open']);
    expect(await readable(undefined, sensors.open)).toEqual(['open']);
  });

  it('reads nothing for deleted users', async () => {
    const gone = app.get(SensorAccess).getActor(999_999, sensors.own.asset);
    await expect(gone).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  });

  it('reads with the limits of the device token of a job, and nothing after it was revoked', async () => {
    const id = await aUser('admin', 'account-admin');
    const user = { id, accountId: sensors.own.asset.accountId! };
    const tokens = app.get(DeviceTokensService);
    const access = app.get(SensorAccess);
    const readableWith = async (tokenId: number) => {
      const mayRead = canRead(await access.getActor(id, sensors.own.asset, tokenId));
      return Object.entries(sensors).flatMap(([name, sensor]) => (mayRead(sensor) ? [name] : []));
    };
    const other = await anAsset(app, { accountId: user.accountId });
    const all = await tokens.create(user, { name: 'all', scopes: ['trigger'] });
    const some = await tokens.create(user, { name: 'some', scopes: ['trigger'], assetIds: [other.id] });
    expect(await readableWith(all.token.id)).toEqual(['own', 'open']);
    expect(await readableWith(some.token.id)).toEqual(['open']);
    await tokens.revoke(all.token.id, user);
    await expect(readableWith(all.token.id)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  });

  it('names the field, and the account or user without permission', async () => {
    const access = app.get(SensorAccess);
    const actor = await access.getActor(undefined, sensors.own.asset);
    const { id } = sensors.theirs;
    await expect(access.getReadable(id, [actor], 'price')).rejects.toMatchObject({
      ...{ code: 'NOT_PERMITTED', field: 'price' },
      message: `price: account ${sensors.own.asset.accountId} may not read sensor ${id}.`,
    });
    for (const unknown of [999_999, 99_999_999_999, NaN, 0, 1.5])
      await expect(access.getReadable(unknown, [actor], 'price')).rejects.toMatchObject({
        ...{ code: 'SENSOR_NOT_FOUND', field: 'price' },
      });
  });
});
