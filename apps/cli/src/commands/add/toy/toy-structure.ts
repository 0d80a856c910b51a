import { AccountsService, TOY_USER, UsersService, type Account, type User } from '#lib/accounts';
import { AssetsService, type Asset } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { SensorsService, type Sensor } from '#lib/sensors';
import type { Services } from '../../../app/services';

/** Where the toy assets are. */
export const TOY_LOCATION = { latitude: 52.374, longitude: 4.88969 };
export const TOY_TIMEZONE = 'Europe/Amsterdam';

/** An account and its user, and whether the account is new. */
export interface ToyOwner {
  account: Account;
  isNew: boolean;
  user: User;
}

/** What an asset is created with, besides its owner, type and location. */
export type ToyAsset = Omit<Parameters<AssetsService['create']>[0], 'accountId' | 'assetTypeId'> & {
  type: string;
};

/**
 * The account with this name and the toy user in it, with the built-in roles and asset types. Existing parts are reused.
 * @throws DomainError USER_EXISTS
 */
export async function ensureToyOwner(services: Services, name: string): Promise<ToyOwner> {
  await services(UsersService).ensureRoles();
  await services(AssetsService).ensureDefaultTypes();
  const accounts = services(AccountsService);
  const existing = await accounts.findByName(name);
  const account = existing ?? (await accounts.create(name));
  return { account, isNew: !existing, user: await ensureUser(services, account) };
}

/** The sentence about the account. */
export const describeOwner = ({ account, isNew, user }: ToyOwner): string =>
  isNew
    ? `Toy account ${account.name} with user ${user.email} created successfully. ` +
      `You might want to run \`flexmeasures show account --id ${account.id}\``
    : `Toy account ${account.name} (ID: ${account.id}) exists already and is reused.`;

async function ensureUser(services: Services, account: Account): Promise<User> {
  const users = services(UsersService);
  const existing = await users.findByEmail(TOY_USER.email);
  if (existing && existing.accountId !== account.id) {
    const message = `User ${TOY_USER.email} belongs to another account (ID: ${existing.accountId}).`;
    throw new DomainError('USER_EXISTS', message, '--name');
  }
  return (
    existing ??
    users.create({ ...TOY_USER, accountId: account.id, roles: ['account-admin'], timezone: TOY_TIMEZONE })
  );
}

/** The asset with this name, which is created if there is none. */
export async function ensureAsset(
  services: Services,
  account: Account,
  { type, ...asset }: ToyAsset,
): Promise<Asset> {
  const assets = services(AssetsService);
  const existing = await assets.findByName(asset.name, account.id);
  if (existing) return existing;
  const { id: assetTypeId } = (await assets.listTypes()).find((candidate) => candidate.name === type)!;
  return assets.create({ ...TOY_LOCATION, ...asset, assetTypeId, accountId: account.id });
}

/** The sensor with this name on an asset, which is created if there is none. */
export async function ensureSensor(
  services: Services,
  asset: Pick<Asset, 'id'>,
  sensor: Omit<Parameters<SensorsService['create']>[0], 'assetId' | 'timezone'>,
): Promise<Sensor> {
  const sensors = services(SensorsService);
  const existing = await sensors.findByName(sensor.name, asset.id);
  return existing ?? sensors.create({ ...sensor, timezone: TOY_TIMEZONE, assetId: asset.id });
}
